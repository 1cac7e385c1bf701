// A build without the explorer's page: HOURGLASS_PAGE.
#include "embedded_page.h"

namespace hourglass::cli {

std::optional<EmbeddedPage> embedded_page() {
  return std::nullopt;
}

}  // namespace hourglass::cli
