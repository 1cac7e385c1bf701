#include "hourglass/figures/palette.h"

#include <algorithm>
#include <array>

#include "hourglass/base/error.h"

namespace hourglass {

Color class_color(std::int64_t label) {
  static constexpr std::array<std::uint32_t, 10> kColors = {0xb9ac70, 0xa96b59, 0xe76300, 0x832db6,
                                                            0x92dadd, 0xbd1f01, 0x717581, 0x3f90da,
                                                            0x94a4a2, 0xffa90e};
  require(label >= 0, "figure", "label", label, "must be at least 0");
  return color_of(kColors[static_cast<std::size_t>(label % 10)]);
}

Mark class_mark(std::int64_t label) {
  static constexpr std::array<Mark, 6> kMarks = {Mark::disc,  Mark::triangle, Mark::square,
                                                 Mark::cross, Mark::diamond,  Mark::plus};
  require(label >= 0, "figure", "label", label, "must be at least 0");
  return kMarks[static_cast<std::size_t>(label / 10 % 6)];
}

Color line_color(int line) {
  static constexpr std::array<std::uint32_t, 3> kColors = {0x3f90da, 0xe76300, 0x832db6};
  require(line >= 0 && line < 3, "figure", "line", line, "must be from 0 to 2");
  return color_of(kColors[static_cast<std::size_t>(line)]);
}

Color shade_color(double t) {
  // Equal steps in OKLab (Ottosson 2020) along a path of falling lightness; the steps stay within a
  // factor of two for the colour-blind too (simulated as Machado, Oliveira and Fernandes 2009).
  static constexpr std::array<std::uint32_t, 9> kStops = {
      0xded5b0, 0xd3b378, 0xcc8e3f, 0xc16710, 0xb23d0a, 0x941f27, 0x700c39, 0x480b3b, 0x21092b};
  const double position = std::clamp(t, 0.0, 1.0) * (kStops.size() - 1);
  const std::size_t before = std::min(static_cast<std::size_t>(position), kStops.size() - 2);
  return mixed(color_of(kStops[before]), color_of(kStops[before + 1]),
               position - static_cast<double>(before));
}

Color magnitude_color(double t) {
  constexpr Color kMiddle = color_of(0xd8472b);
  constexpr Color kDark = color_of(0x3a0610);
  return t < 0.5 ? mixed(kWhite, kMiddle, 2.0 * t) : mixed(kMiddle, kDark, 2.0 * t - 1.0);
}

}  // namespace hourglass
