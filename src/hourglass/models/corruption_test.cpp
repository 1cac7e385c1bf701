#include "hourglass/models/corruption.h"

#include <gmock/gmock.h>

#include <cmath>

#include "hourglass/base/message_test.h"

namespace hourglass {
namespace {

constexpr ImageShape kColour{3, 100, 100};

std::vector<float> grey_image(const ImageShape& shape, float value) {
  return std::vector<float>(static_cast<std::size_t>(shape.pixels()), value);
}

std::vector<float> corrupted(const std::vector<float>& in, const ImageShape& shape,
                             std::string_view text, std::uint64_t key) {
  std::vector<float> out(in.size());
  corrupt(out, in, shape, parse_corruption(text), key);
  return out;
}

std::string refusal(std::string_view text) {
  return message_of([&] { parse_corruption(text); });
}

TEST(Corruption, IsParsedByNameAndAmount) {
  EXPECT_EQ(parse_corruption("none").kind, Corruption::Kind::none);
  const Corruption gaussian = parse_corruption("gaussian:0.3");
  EXPECT_EQ(gaussian.kind, Corruption::Kind::gaussian);
  EXPECT_EQ(gaussian.amount, 0.3);
  EXPECT_EQ(parse_corruption("salt_pepper:0.2").kind, Corruption::Kind::salt_pepper);
  EXPECT_EQ(parse_corruption("mask:1").kind, Corruption::Kind::mask);
  EXPECT_EQ(parse_corruption("gaussian:10").amount, 10.0);
}

TEST(Corruption, ThatIsNotKnownOrOutOfRangeIsRefused) {
  for (const char* text : {"", "mask", "blur:0.5", "gaussian=0.3", ":0.5", "Mask:0.5"}) {
    EXPECT_EQ(refusal(text),
              fmt::format("[model] corruption is '{}': use gaussian:0.3, salt_pepper:0.2, mask:0.5 "
                          "or none, with an amount of your own",
                          text));
  }
  for (const char* text : {"mask:0", "mask:-0.5", "mask:1.01", "mask:nan", "mask:", "mask:0.5x"}) {
    EXPECT_EQ(refusal(text), fmt::format("[model] corruption is '{}': the amount of mask must be "
                                         "above 0 and at most 1",
                                         text));
  }
  EXPECT_THAT(refusal("gaussian:inf"), testing::HasSubstr("above 0 and at most 10"));
}

TEST(Corruption, IsSaidInWords) {
  EXPECT_EQ(corruption_words(parse_corruption("none")), "without noise");
  EXPECT_EQ(corruption_words(parse_corruption("gaussian:0.3")),
            "with Gaussian noise of standard deviation 0.3");
  EXPECT_EQ(corruption_words(parse_corruption("salt_pepper:0.2")),
            "with 20 % of the pixels made black or white");
  EXPECT_EQ(corruption_words(parse_corruption("mask:0.125")),
            "with 12.5 % of the pixels made black");
}

TEST(Corruption, TheSameKeyGivesTheSameNoiseAndAnotherKeyOther) {
  const auto image = grey_image(kColour, 0.5f);
  for (const char* text : {"gaussian:0.3", "salt_pepper:0.2", "mask:0.5"}) {
    EXPECT_EQ(corrupted(image, kColour, text, 7), corrupted(image, kColour, text, 7)) << text;
    EXPECT_NE(corrupted(image, kColour, text, 7), corrupted(image, kColour, text, 8)) << text;
  }
}

TEST(Corruption, GaussianNoiseHasItsDeviationAndStaysBetweenZeroAndOne) {
  double sum = 0, squares = 0;
  const auto out = corrupted(grey_image(kColour, 0.5f), kColour, "gaussian:0.1", 1);
  for (const float x : out) {
    sum += static_cast<double>(x) - 0.5;
    squares += std::pow(static_cast<double>(x) - 0.5, 2);
  }
  const auto n = static_cast<double>(out.size());
  EXPECT_NEAR(sum / n, 0.0, 0.002);                 // 3.5 standard errors
  EXPECT_NEAR(std::sqrt(squares / n), 0.1, 0.002);  // 5 sigma are inside [0, 1]
  const auto strong = corrupted(grey_image(kColour, 0.5f), kColour, "gaussian:10", 1);
  EXPECT_THAT(strong, testing::Each(testing::AllOf(testing::Ge(0.0f), testing::Le(1.0f))));
}

TEST(Corruption, AShareOfThePixelsIsHitInAllChannelsAlike) {
  const auto image = grey_image(kColour, 0.5f);
  const auto share = [&](const std::vector<float>& out, float value) {
    double hit = 0;
    for (std::size_t i = 0; i < out.size(); i += 3) {
      EXPECT_TRUE(out[i] == out[i + 1] && out[i] == out[i + 2]) << i;
      hit += out[i] == value ? 1 : 0;
    }
    return hit / 10'000;
  };
  const auto masked = corrupted(image, kColour, "mask:0.3", 1);
  EXPECT_NEAR(share(masked, 0.0f), 0.3, 0.02);
  EXPECT_NEAR(share(masked, 0.5f), 0.7, 0.02);
  const auto salted = corrupted(image, kColour, "salt_pepper:0.3", 1);
  EXPECT_NEAR(share(salted, 0.0f), 0.15, 0.015);
  EXPECT_NEAR(share(salted, 1.0f), 0.15, 0.015);
  EXPECT_NEAR(share(salted, 0.5f), 0.7, 0.02);
}

}  // namespace
}  // namespace hourglass
