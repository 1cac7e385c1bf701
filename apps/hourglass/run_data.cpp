#include "run_data.h"

#include <optional>
#include <utility>

#include "hourglass/data/split_record.h"
#include "hourglass/exchange/torch.h"
#include "hourglass/models/registry.h"
#include "hourglass/train/record_file.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

void check_fits(const Checkpoint& checkpoint, const Dataset& data) {
  const ImageShape shape = checkpoint.model->image_shape();
  if (shape == data.shape) return;
  const std::string remedy =
      shape.channels == data.shape.channels
          ? fmt::format("resize them with --image_size {}x{}", shape.height, shape.width)
          : fmt::format("it needs images of {} channel{}, as {} has", shape.channels,
                        shape.channels == 1 ? "" : "s", checkpoint.facts.dataset);
  fail("data", "{} has images of {} and the network was trained on {}: {}", data.name,
       data.shape.text(), shape.text(), remedy);
}

/// The record of the checkpoint's run, if it is beside it.
std::optional<RecordFile> record_of(const Checkpoint& checkpoint) {
  if (checkpoint.path.empty()) return std::nullopt;
  auto record = read_record_file(run_of(checkpoint.path).record);
  const bool ours = record && record->dataset_sha256 == checkpoint.facts.dataset_sha256 &&
                    record->settings.options.seed == checkpoint.facts.seed;
  return ours ? std::move(record) : std::nullopt;
}

bool is_place(const std::string& dataset, const fs::path& path) {
  return !path.empty() && fs::absolute(dataset).lexically_normal() == path;
}

/// The flags, completed by how the images were read.
Common as_recorded(Common common, const DataOrigin& origin) {
  const Common usual;
  if (!common.image_size) common.image_size = origin.image_size;
  if (common.fit == usual.fit) common.fit = origin.fit;
  if (common.background == usual.background) common.background = origin.background;
  common.transpose = common.transpose || origin.transpose;
  return common;
}

/// Opens the images that a run was trained on, where its record says that they are.
Dataset open_recorded(const DataOrigin& origin, const Common& common) {
  Common own = common;
  if (own.data_dir.empty()) own.data_dir = origin.data_dir;
  if (origin.path.empty()) return open_data(origin.dataset, own);
  note(common,
       fmt::format("using the images in {}, on which it was trained", origin.path.string()));
  try {
    return open_data(origin.path.string(), own);
  } catch (const Error& error) {
    throw error.followed_by(": the model was trained on them; name their new place with `dataset`");
  }
}

/// Divides the images as the run recorded them, if it did; says what has changed.
void restore(Dataset& data, const fs::path& images, const Common& common, RowSource* fresh) {
  std::error_code ignored;
  if (!fs::exists(images, ignored)) return;
  const RestoredSplit restored = restore_split(read_split_record(images), data);
  const SplitCounts& counts = restored.counts;
  if (counts.fresh + counts.missing + counts.renamed + counts.changed > 0) {
    note(common, fmt::format("{}: {}", data.name, counts.text()));
  }
  if (fresh != nullptr) *fresh = restored.fresh;
}

}  // namespace

Dataset open_data_for(const Checkpoint& checkpoint, const std::string& dataset,
                      const Common& common, RowSource* fresh) {
  const CheckpointFacts& facts = checkpoint.facts;
  const auto record = record_of(checkpoint);
  if (dataset.empty() && !record) {
    if (facts.dataset == kImportedDataset) {
      fail("data",
           "the checkpoint was imported and does not say what it was trained on: name the "
           "data with --dataset");
    }
    if (!is_known_dataset(facts.dataset)) {
      fail("data",
           "the checkpoint was trained on images of your own, '{}': name their folder "
           "with --dataset",
           facts.dataset);
    }
  }
  const bool own = record && !record->data.path.empty() &&
                   (dataset.empty() || is_place(dataset, record->data.path));
  Common how = own ? as_recorded(common, record->data) : common;
  const ImageShape shape = checkpoint.model->image_shape();
  if (!how.image_size) how.image_size = ImageSize{shape.height, shape.width};
  Dataset data = !dataset.empty() ? open_data(dataset, how)
                 : record         ? open_recorded(record->data, how)
                                  : open_data(facts.dataset, how);
  if (own) restore(data, run_of(checkpoint.path).images, common, fresh);
  check_fits(checkpoint, data);
  if (data.name == facts.dataset && data.sha256 != facts.dataset_sha256) {
    note(common, fmt::format("{} here is not the {} that the checkpoint was trained on{}",
                             data.source, facts.dataset,
                             data.lossy_images ? ", or another version of a library decoded its "
                                                 "JPEG or WebP files"
                                               : ""));
  }
  return data;
}

Dataset open_data_to_resume(const std::string& dataset, const std::string& kind,
                            std::int64_t latent_dim, const std::string& name,
                            const Common& common) {
  std::optional<RecordFile> chosen;
  fs::path images;
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(common.out / "models" / kind, ignored)) {
    if (!file.path().string().ends_with(".run.json")) continue;
    const auto record = read_record_file(file.path());
    if (!record || !is_place(dataset, record->data.path)) continue;
    const RunPaths base = run_paths(common.out, kind, record->data.dataset, latent_dim, name);
    const auto number = number_of(record->run, base.run);
    if (!number) continue;
    const auto order = [](const RecordFile& r) { return std::pair(r.finished.empty(), r.started); };
    if (chosen && order(*record) <= order(*chosen)) continue;
    chosen = record;
    images = numbered(base, *number).images;
  }
  if (!chosen) return open_data(dataset, common);
  Dataset data = open_data(dataset, as_recorded(common, chosen->data));
  restore(data, images, common, nullptr);
  return data;
}

}  // namespace hourglass::cli
