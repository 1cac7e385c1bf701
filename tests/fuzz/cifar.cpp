// Batches of CIFAR's binary version; the first byte chooses CIFAR-10 or CIFAR-100.
#include "hourglass/data/impl/cifar.h"

#include "fuzz.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const int label_bytes = 1 + data[0] % 2;
  const fuzz::ByteView batch(data + 1, size - 1);
  fuzz::reads([&] {
    ByteImages images;
    append_cifar(batch, label_bytes, "f", images);
    const std::size_t record = static_cast<std::size_t>(label_bytes) + 3072;
    fuzz::check(images.labels.size() * record == batch.size(), "another number of images");
    fuzz::check(images.pixels.size() == images.labels.size() * 3072, "not true to its size");
    for (std::size_t i = 0; i < images.labels.size(); ++i) {
      const auto bytes = batch.subspan(i * record, record).last(3072);
      for (std::size_t pixel = 0; pixel < 3072; ++pixel) {
        const std::size_t plane = pixel % 3, at = pixel / 3;
        fuzz::check(images.pixels[i * 3072 + pixel] == bytes[plane * 1024 + at], "another pixel");
      }
    }
  });
  return 0;
}
