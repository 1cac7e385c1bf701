#include "hourglass/data/impl/cifar.h"

#include "hourglass/base/error.h"

namespace hourglass {

void append_cifar(std::span<const std::uint8_t> batch, int label_bytes,
                  const std::filesystem::path& source, ByteImages& images) {
  constexpr std::size_t kPlane = std::size_t{32} * 32, kChannels = 3;
  const auto labels = static_cast<std::size_t>(label_bytes);
  const std::size_t record = labels + kChannels * kPlane;
  if (batch.empty() || batch.size() % record != 0) {
    fail_file("data", "{} has {} bytes, which is no whole number of records of {}: fetch it again",
              source.string(), batch.size(), record);
  }
  images.pixels.reserve(images.pixels.size() + batch.size() / record * kChannels * kPlane);
  for (; !batch.empty(); batch = batch.subspan(record)) {
    images.labels.push_back(batch[labels - 1]);
    const auto planes = batch.subspan(labels);
    for (std::size_t i = 0; i < kPlane; ++i) {
      for (std::size_t c = 0; c < kChannels; ++c) {
        images.pixels.push_back(planes[c * kPlane + i]);
      }
    }
  }
}

}  // namespace hourglass
