// The record of which images a run trained on, chose by and tested with, so that these stay what
// they are whatever happens to the user's files. Not for data sets of the catalogue, whose parts
// never change.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/data/dataset.h"

namespace hourglass {

enum class SplitPart : std::uint8_t { kTrain, kValidation, kTest };

struct ImageRecord {
  SplitPart part = SplitPart::kTrain;
  std::uint64_t hash = 0;  // the first 16 digits of the SHA-256 of the image's pixels as stored
  std::string name;        // as RowSource::names(); may be empty
};

/// All images of a run: first those of dataset.train in its order, held-out ones among them, then
/// those of dataset.test.
struct SplitRecord {
  std::vector<std::string> class_names;  // in label order
  std::vector<ImageRecord> images;
};

/// The record of a data set of which the training images `held_out` (ascending, see
/// held_out_rows()) are for validation.
SplitRecord record_split(const Dataset& dataset, std::span<const std::int64_t> held_out);

/// Writes a table of text, one line for each class and each image (AtomicFile).
void write_split_record(const std::filesystem::path& path, const SplitRecord& record);

/// Throws Error naming the file and the line for one that write_split_record() did not write.
SplitRecord read_split_record(const std::filesystem::path& path);
SplitRecord parse_split_record(std::string_view text, std::string_view source);

/// How the images of a data set compare with a record.
struct SplitCounts {
  std::int64_t train = 0, validation = 0, test = 0;  // known images, as recorded
  std::int64_t renamed = 0;                          // known by their pixels alone
  std::int64_t changed = 0;                          // known by their names alone
  std::int64_t fresh = 0;                            // not in the record
  std::int64_t missing = 0;                          // in the record alone

  std::int64_t known() const { return train + validation + test; }
  /// "480 known: 360 train, 40 validation, 80 test; 2 new, measured apart; 1 missing".
  std::string text() const;
};

struct RestoredSplit {
  SplitCounts counts;
  std::vector<std::int64_t> held_out;  // rows of dataset.train that are for validation, ascending
  RowSource fresh;                     // images that the record does not have
};

/// Makes `dataset` what it was when it was recorded, wherever its images are now: training images,
/// those for validation among them, and test images, in the recorded order. Fresh images are taken
/// out, in the order of the data set.
///
/// An image is known by its pixels, first under the same name, then under any name: a file may be
/// renamed or moved, and of equal images as many are known as were recorded. Of the others, one is
/// known by its name: an edited training image is still no unseen one. Labels are numbered as
/// recorded, classes that are new come after those, and a class that is gone keeps its number.
///
/// dataset.sha256 is afterwards the recorded one if no image was changed, given another class or
/// lost. No image is copied.
RestoredSplit restore_split(const SplitRecord& record, Dataset& dataset);

}  // namespace hourglass
