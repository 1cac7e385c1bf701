#include "embedded_page.h"

namespace hourglass::cli {

std::optional<EmbeddedPage> embedded_page() {
  return std::nullopt;
}

}  // namespace hourglass::cli
