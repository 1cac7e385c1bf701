#include "hourglass/models/corruption.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "hourglass/base/error.h"
#include "hourglass/base/impl/printable.h"
#include "hourglass/base/random.h"
#include "hourglass/tensor/impl/checks.h"

namespace hourglass {
namespace {

struct Name {
  std::string_view name;
  Corruption::Kind kind;
  double most;
};
constexpr std::array kNames{Name{"gaussian", Corruption::Kind::gaussian, 10.0},
                            Name{"salt_pepper", Corruption::Kind::salt_pepper, 1.0},
                            Name{"mask", Corruption::Kind::mask, 1.0}};

}  // namespace

OptionSpec corruption_option() {
  return text_option(
      std::string(kCorruptionOption), "none",
      "noise on the input in training, the target stays clean: gaussian:0.3, "
      "salt_pepper:0.2 or mask:0.5",
      [](const OptionValue& value) { parse_corruption(std::get<std::string>(value)); });
}

Corruption parse_corruption(std::string_view text) {
  if (text == "none") return {};
  const std::size_t colon = text.find(':');
  for (const Name& known : kNames) {
    if (colon == std::string_view::npos || text.substr(0, colon) != known.name) continue;
    const std::string_view number = text.substr(colon + 1);
    double amount = 0.0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), amount);
    const bool whole = error == std::errc() && end == number.data() + number.size();
    if (!whole || !(amount > 0.0 && amount <= known.most)) {
      fail("model", "corruption is '{}': the amount of {} must be above 0 and at most {}",
           printable(text), known.name, known.most);
    }
    return {known.kind, amount};
  }
  fail("model",
       "corruption is '{}': use gaussian:0.3, salt_pepper:0.2, mask:0.5 or none, with an amount of "
       "your own",
       printable(text));
}

std::string corruption_words(const Corruption& corruption) {
  switch (corruption.kind) {
    case Corruption::Kind::none:
      return "without noise";
    case Corruption::Kind::gaussian:
      return fmt::format("with Gaussian noise of standard deviation {}", corruption.amount);
    case Corruption::Kind::salt_pepper:
      return fmt::format("with {:.3g} % of the pixels made black or white",
                         100.0 * corruption.amount);
    case Corruption::Kind::mask:
      return fmt::format("with {:.3g} % of the pixels made black", 100.0 * corruption.amount);
  }
  return "";
}

void corrupt(std::span<float> out, std::span<const float> in, const ImageShape& shape,
             const Corruption& corruption, std::uint64_t key) {
  require_pixels("model", shape);
  require(std::ssize(in) == shape.pixels(), "model", "in", in.size(),
          "one value for each of the shape's is needed");
  require(out.size() == in.size(), "model", "out", out.size(), "it must be as long as `in`");
  require(corruption.kind == Corruption::Kind::none ||
              (corruption.amount > 0.0 && corruption.amount <= 10.0),
          "model", "amount", corruption.amount, "must be above 0 and at most 10");
  Rng rng(key, Stream::corruption);
  if (corruption.kind == Corruption::Kind::gaussian) {
    for (std::size_t i = 0; i < in.size(); ++i) {
      const double noisy = static_cast<double>(in[i]) + corruption.amount * rng.normal();
      out[i] = static_cast<float>(std::clamp(noisy, 0.0, 1.0));
    }
    return;
  }
  const auto channels = static_cast<std::size_t>(shape.channels);
  for (std::size_t i = 0; i < in.size(); i += channels) {
    const bool hit = rng.uniform() < corruption.amount;
    const bool white = corruption.kind == Corruption::Kind::salt_pepper && rng.below(2) == 1;
    for (std::size_t c = i; c < i + channels; ++c) {
      out[c] = !hit ? in[c] : white ? 1.0f : 0.0f;
    }
  }
}

}  // namespace hourglass
