#include "hourglass/base/version.h"

namespace hourglass {

const char* version() {
  return HOURGLASS_VERSION;
}

}  // namespace hourglass
