// The colours and marks of classes and lines, the same in all figures.
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

/// Linear interpolation: `from` at t = 0, `to` at t = 1.
constexpr Color mixed(const Color& from, const Color& to, double t) {
  return {from.red + t * (to.red - from.red), from.green + t * (to.green - from.green),
          from.blue + t * (to.blue - from.blue), from.alpha + t * (to.alpha - from.alpha)};
}

constexpr Color kInk = color_of(0x222222);   // titles and names
constexpr Color kGrey = color_of(0x666666);  // captions, axes' numbers
constexpr Color kPale = color_of(0xC8C8C8);  // frames
constexpr Color kGrid = color_of(0xECECEC);  // grid lines
constexpr Color kWhite = color_of(0xFFFFFF);

/// The shape of a point, which tells classes of the same colour apart.
enum class Mark { disc, triangle, square, cross, diamond, plus };

/// The ten colours of Petroff 2021 (arXiv 2107.02270), reordered so that neighbouring classes in
/// maps of MNIST differ clearly; class 10 has the colour of class 0 and another mark.
Color class_color(std::int64_t label);
Mark class_mark(std::int64_t label);

/// Line colours that differ in lightness too: 0 blue, 1 orange, 2 purple.
Color line_color(int line);

/// For values of points: pale sand at 0 through orange and red to nearly black at 1, in
/// perceptually even steps. Lightness falls all the way, for colour-blind readers too.
Color shade_color(double t);

/// For magnitudes: white at 0 through red to nearly black at 1, with evenly falling lightness, so
/// that they do not look like images.
Color magnitude_color(double t);

}  // namespace hourglass
