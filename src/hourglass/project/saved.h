// A fitted projection as a safetensors file, for PCA and UMAP, which transforms new points. Not the
// map: that is a separate matrix.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "hourglass/project/pca.h"
#include "hourglass/project/umap/model.h"

namespace hourglass {

inline constexpr int kProjectionFormat = 3;  // a program reads files up to its own format

using Projection = std::variant<Pca, UmapModel>;

/// "PCA" or "UMAP".
std::string_view kind_of(const Projection& projection);
std::int64_t columns_in(const Projection& projection);   ///< of the rows that it transforms
std::int64_t columns_out(const Projection& projection);  ///< of the positions

/// Writes a file (AtomicFile) without times or paths: the same projection gives the same bytes.
/// Throws Error if it cannot be written.
void save_projection(const std::filesystem::path& path, const Pca& pca);
void save_projection(const std::filesystem::path& path, const UmapModel& model);

/// Reads a file that save_projection wrote. Throws Error in one line naming the file and what is
/// wrong with it: no safetensors file, a checkpoint or another program's file, of a newer format
/// (naming the version that wrote it), tensors missing or of sizes that do not fit, numbers that
/// are not finite.
Projection load_projection(const std::filesystem::path& path);

/// The same from bytes; `source` is the name for messages.
Projection parse_projection(std::span<const std::uint8_t> bytes, const std::string& source);

/// [columns_in] or empty: is subtracted in double from rows before they become float32 and are
/// transformed.
std::span<const double> origin_of(const Projection& projection);

/// Positions [m, columns_out] of rows [m, columns_in]. Throws Error for other columns.
Tensor transform_rows(const Projection& projection, ConstView rows, ThreadPool& pool);

}  // namespace hourglass
