// The colours and marks of classes and lines. Not a choice for the caller: all figures share them.
#pragma once

#include <cstdint>

namespace hourglass {

/// Red, green, blue and opacity, each in [0, 1].
struct Color {
  double red = 0.0;
  double green = 0.0;
  double blue = 0.0;
  double alpha = 1.0;

  bool operator==(const Color&) const = default;
};

/// A colour written as 0xRRGGBB.
constexpr Color color_of(std::uint32_t hex, double alpha = 1.0) {
  return {((hex >> 16) & 0xFF) / 255.0, ((hex >> 8) & 0xFF) / 255.0, (hex & 0xFF) / 255.0, alpha};
}

/// `from` at t = 0, `to` at t = 1, and what lies between.
constexpr Color mixed(const Color& from, const Color& to, double t) {
  return {from.red + t * (to.red - from.red), from.green + t * (to.green - from.green),
          from.blue + t * (to.blue - from.blue), from.alpha + t * (to.alpha - from.alpha)};
}

constexpr Color kInk = color_of(0x222222);   // titles and names
constexpr Color kGrey = color_of(0x666666);  // captions, axes' numbers
constexpr Color kPale = color_of(0xC8C8C8);  // frames
constexpr Color kGrid = color_of(0xECECEC);  // grid lines
constexpr Color kWhite = color_of(0xFFFFFF);

/// How a point looks where colours repeat.
enum class Mark { disc, triangle, square, cross, diamond, plus };

/// The ten colours of Petroff 2021 (arXiv 2107.02270), reordered so that classes which lie together
/// in maps of MNIST stay apart; class 10 has the colour of class 0 and another mark.
Color class_color(std::int64_t label);
Mark class_mark(std::int64_t label);

/// Line colours that differ in lightness too: 0 blue, 1 orange, 2 purple.
Color line_color(int line);

/// Pale sand at 0 through orange and red to nearly black at 1, in perceptually even steps and with
/// lightness falling all the way, also as colour-blind readers see it: for values of points.
Color shade_color(double t);

/// White at 0 through red to nearly black at 1, lightness falling evenly: for magnitudes, so that
/// they are not taken for images.
Color magnitude_color(double t);

}  // namespace hourglass
