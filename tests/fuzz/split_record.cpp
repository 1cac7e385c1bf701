// The record of a run's images.
#include "hourglass/data/split_record.h"

#include "fuzz.h"
#include "hourglass/base/file.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::reads([&] {
    const SplitRecord record = parse_split_record(fuzz::text_of({data, size}), "f");
    write_split_record(fuzz::scratch_file(), record);
    const SplitRecord again = read_split_record(fuzz::scratch_file());
    fuzz::check(again.class_names == record.class_names, "other classes");
    fuzz::check(again.images.size() == record.images.size(), "another number of images");
    for (std::size_t i = 0; i < record.images.size(); ++i) {
      const ImageRecord &a = again.images[i], &b = record.images[i];
      fuzz::check(a.part == b.part && a.hash == b.hash && a.name == b.name, "another image");
    }
  });
  return 0;
}
