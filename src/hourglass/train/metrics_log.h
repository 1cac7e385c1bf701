// The metrics log of a run: a line of JSON for each epoch.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "hourglass/train/trainer.h"

namespace hourglass {

/// Appends one line with the keys epoch, train_loss, test_mse, psnr, validation_mse (where
/// measured), learning_rate, seconds, images_per_second, weights_sha256; synced to disk. Throws
/// Error if it cannot be written.
void append_metrics(const std::filesystem::path& path, const EpochResult& result);

/// The line that append_metrics() writes, with its newline.
std::string metrics_line(const EpochResult& result);

/// All lines in order; empty if there is no file. An incomplete last line is left out. Throws Error
/// for any other line that is not of this form.
std::vector<EpochResult> read_metrics(const std::filesystem::path& path);

/// The same from a log's text; `source` is the name for messages.
std::vector<EpochResult> parse_metrics(std::string_view text, std::string_view source);

/// Rewrites the log with the lines up to `epoch`, from which a resumed run continues.
void trim_metrics(const std::filesystem::path& path, std::int64_t epoch);

}  // namespace hourglass
