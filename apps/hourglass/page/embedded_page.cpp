// The explorer's page and its engine as bytes of this program: their files are named by the build
// (apps/hourglass/CMakeLists.txt), which makes them first.
#include "embedded_page.h"

asm(R"(
  .pushsection .rodata, "a"
  .balign 16
hourglass_page_html:
  .incbin ")" HOURGLASS_PAGE_HTML R"("
hourglass_page_html_end:
  .balign 16
hourglass_page_engine:
  .incbin ")" HOURGLASS_PAGE_ENGINE R"("
hourglass_page_engine_end:
  .global hourglass_page_html, hourglass_page_html_end
  .global hourglass_page_engine, hourglass_page_engine_end
  .hidden hourglass_page_html, hourglass_page_html_end
  .hidden hourglass_page_engine, hourglass_page_engine_end
  .popsection
)");

extern "C" {
extern const char hourglass_page_html[], hourglass_page_html_end[];
extern const std::uint8_t hourglass_page_engine[], hourglass_page_engine_end[];
}

namespace hourglass::cli {

std::optional<EmbeddedPage> embedded_page() {
  return EmbeddedPage{{hourglass_page_html, hourglass_page_html_end},
                      {hourglass_page_engine, hourglass_page_engine_end}};
}

}  // namespace hourglass::cli
