// The explorer's page and its engine, built into the program.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace hourglass::cli {

struct EmbeddedPage {
  std::string_view html;                 // one page, with a place for blobs
  std::span<const std::uint8_t> engine;  // engine.wasm
};

/// Nothing if hourglass was built without HOURGLASS_PAGE.
std::optional<EmbeddedPage> embedded_page();

}  // namespace hourglass::cli
