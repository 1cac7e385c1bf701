// The record of a run beside its checkpoint, NAME.run.json: what the checkpoint leaves out because
// it has no paths and no times. Not the options in a checkpoint: see run_record.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "hourglass/tensor/image_size.h"
#include "hourglass/train/run_record.h"

namespace hourglass {

/// Where a run's images come from, and how they were read: enough to open them again.
struct DataOrigin {
  std::string dataset;             // its name: "mnist", or that of the user's images
  std::filesystem::path path;      // of the user's images, absolute; empty for a known data set
  std::filesystem::path data_dir;  // searched first, absolute; empty if none was named
  std::optional<ImageSize> image_size;  // that images were resized to, if that was asked for
  std::string fit = "stretch";          // how (data/fit.h)
  std::string background = "black";     // below transparent images: the one that was chosen
  bool transpose = false;               // whether rows and columns were swapped
};
nlohmann::ordered_json to_json(const DataOrigin& origin);
/// Throws nlohmann::json::exception if it is none.
DataOrigin data_origin(const nlohmann::json& json);

struct RecordFile {
  std::string version;  // of the program
  std::string run;      // "mnist_32"
  std::string kind;     // "AE"
  DataOrigin data;
  std::string dataset_sha256;
  RunRecord settings;             // with all epochs, also where they may grow; and the seed
  std::string started, finished;  // utc_now(); `finished` is empty until all epochs are done
  std::int64_t epochs = 0;        // done
  double test_mse = std::numeric_limits<double>::quiet_NaN();  // after them
  bool figures = false;                                        // are drawn at some epochs
  std::int64_t figures_due = 0;  // the epoch whose figures are not all drawn yet; 0: none
};

/// "2026-11-27T12:31:05.123Z": sorts by time.
std::string utc_now();
/// The time of a file's last change, in the same form; "" if it is not there.
std::string utc_of(const std::filesystem::path& file);

std::string record_text(const RecordFile& record);
/// nullopt if the text is none of this version's.
std::optional<RecordFile> parse_record_file(std::string_view text);
/// nullopt if the file is missing, damaged or of a newer format.
std::optional<RecordFile> read_record_file(const std::filesystem::path& path);

}  // namespace hourglass
