// How an image is brought to a size of another aspect, and what transparent pixels are laid on. Not
// the arithmetic of resizing: see resize.h.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "hourglass/data/resize.h"
#include "hourglass/tensor/rows.h"

namespace hourglass {

enum class ImageFit {
  stretch,  // both axes to the new size, whatever the aspect
  crop,     // the largest part in the middle that has the new aspect
  pad,      // the whole image in the middle, with the background around it
};

/// `stretch`, `crop` or `pad`. Throws Error for another word.
ImageFit parse_fit(std::string_view text);
std::string fit_name(ImageFit fit);

/// The colour below transparent pixels and around padded images.
struct Background {
  bool automatic = false;             // to be chosen: see read_image_folder()
  std::array<std::uint8_t, 3> rgb{};  // black

  bool is_grey() const { return rgb[0] == rgb[1] && rgb[1] == rgb[2]; }
};

/// `auto`, `black`, `white` or `#rrggbb`. Throws Error for another word.
Background parse_background(std::string_view text);
/// What parse_background() reads: "auto", "black", "white" or "#1a2b3c".
std::string background_name(const Background& background);

/// A part of an image, in pixels.
struct Window {
  std::int64_t top = 0, left = 0, height = 0, width = 0;
};

/// What of an image of size `from` is taken, and to which part of the new one it is resized.
struct Placement {
  Window from, to;
};
Placement place(ImageSize from, ImageSize to, ImageFit fit);

/// Every image of `rows`, of shape `shape`, brought to `size`. Bytes stay bytes, real values real
/// ones; labels and names are kept. `background` may be coloured only if the images are.
RowSource fit_rows(const RowSource& rows, const ImageShape& shape, ImageSize size, ImageFit fit,
                   const Background& background);

}  // namespace hourglass
