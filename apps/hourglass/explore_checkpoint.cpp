// The pack of a checkpoint: the kept one, or a new one.

#include <fmt/ranges.h>

#include <numeric>
#include <optional>

#include "checkpoint_figures.h"
#include "explore_input.h"
#include "hourglass/base/file.h"
#include "hourglass/base/hash.h"
#include "hourglass/exchange/torch.h"
#include "hourglass/lab/explore_drawn.h"
#include "hourglass/lab/explore_kept.h"
#include "hourglass/lab/latents.h"
#include "hourglass/train/run_paths.h"
#include "run_data.h"
#include "terminal.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

/// The folder of models/ and visu/ of a checkpoint OUT/models/AE/mnist_32.safetensors.
fs::path out_of(const fs::path& path, const Common& common) {
  const fs::path models = fs::absolute(path).lexically_normal().parent_path().parent_path();
  return models.filename() == "models" ? models.parent_path() : common.out;
}

/// The beginnings of command lines that the page completes. No folder of data is in them: the page
/// may go to others, and the run's record knows it.
std::map<std::string, std::string> commands_of(const ExploreFlags& flags, const fs::path& path,
                                               const Checkpoint& checkpoint) {
  const std::string name = quoted(checkpoint_stem(path));
  Common folders;
  folders.out = flags.common.out;
  const std::string dataset = is_known_dataset(flags.dataset) ? flags.dataset : "";
  const auto call = [&](std::string_view verb, std::string_view more) {
    return with_data(fmt::format("hourglass {} {}{}", verb, name, more), checkpoint, folders,
                     dataset);
  };
  return {{"recon", call("visualize", " --only recon")},
          {"interp", call("visualize", " --only interp")},
          {"worst", call("eval", "")},
          {"encode",
           call("encode", fmt::format(" --split {} -o Z.npy", fmt::join(flags.splits, ",")))}};
}

/// Of the first `count` points.
double mean_error(const ExplorePoints& points, std::int64_t count) {
  const std::span<const float> errors =
      std::span(points.error).first(static_cast<std::size_t>(count));
  return std::accumulate(errors.begin(), errors.end(), 0.0) / static_cast<double>(count);
}

/// One call: the checkpoint, where its pack and figures lie, and what the pack is made from.
class CheckpointExplorer {
 public:
  explicit CheckpointExplorer(const ExploreFlags& flags)
      : flags_(flags),
        pool_(make_pool(flags.common)),
        path_(find_checkpoint(flags.input, flags.common)),
        bytes_(read_file(path_)),
        checkpoint_(parse_checkpoint(bytes_, path_.string())),
        kept_path_(pack_beside(path_)) {
    checkpoint_.path = path_;
    check_splits("explore", flags.splits);
    wanted_.checkpoint = sha256_hex(bytes_);
    wanted_.splits = flags.splits;
    wanted_.limit = flags.limit;
    wanted_.images = !flags.no_images;
    wanted_.commands = commands_of(flags, path_, checkpoint_);
    kept_ = read_kept_pack(kept_path_);
  }

  Explored explore() {
    Explored out;
    out.name = checkpoint_name(path_);
    const CheckpointFacts& facts = checkpoint_.facts;
    // The images can only be those that the model was trained on: they need not be read.
    const bool by_record = flags_.dataset.empty() && reading_flags(flags_.common).empty() &&
                           !facts.dataset_sha256.empty();
    if (by_record) look_for(facts.dataset, facts.dataset_sha256);
    if (by_record && is_kept()) {
      take_kept(out);
    } else if (const auto data = images(out)) {
      look_for(data->name, data->sha256);
      if (is_kept()) {
        take_kept(out);
      } else {
        make(out, *data);
      }
    }
    for (const std::int64_t epoch : outline_pack(out.pack).epochs) {
      const fs::path model = figures_.model(epoch);
      if (epoch != facts.epochs && is_model_file(model)) out.epochs[epoch] = model;
    }
    out.model = std::move(bytes_);
    return out;
  }

 private:
  void look_for(const std::string& dataset, const std::string& sha256) {
    figures_ = figures_of(path_, checkpoint_, dataset, sha256, out_of(path_, flags_.common));
    wanted_.data = sha256;
    // Maps are drawn of the test images.
    const bool drawn = flags_.splits == std::vector<std::string>{"test"};
    wanted_.maps = drawn ? drawn_maps_sha256(figures_, checkpoint_.facts.epochs) : "";
  }
  bool is_kept() const { return kept_ && kept_->source == wanted_; }

  void take_kept(Explored& out) {
    out.pack = std::move(kept_->bytes);
    out.kept = kept_path_;
  }

  /// The images, or, if they are not here, nothing: `out` then has what can be shown without them.
  std::optional<Dataset> images(Explored& out) {
    try {
      return open_data_for(checkpoint_, flags_.dataset, flags_.common);
    } catch (const Error& error) {
      const std::string why(error.reason());
      if (kept_ && kept_->source.checkpoint == wanted_.checkpoint) {
        note(flags_.common, why + "; showing what was kept of them");
        figures_ = figures_of(path_, checkpoint_, checkpoint_.facts.dataset, kept_->source.data,
                              out_of(path_, flags_.common));
        take_kept(out);
        return std::nullopt;
      }
      look_for(checkpoint_.facts.dataset, checkpoint_.facts.dataset_sha256);
      auto drawn = drawn_points(figures_, checkpoint_);
      if (!drawn) {
        throw error.followed_by(
            ": without them and without a drawn map there are no points to show; the decoder alone "
            "is hourglass decode");
      }
      note(flags_.common, why + "; showing the map that was drawn, without images");
      drawn->points.title = checkpoint_stem(path_);
      out.pack = make_explore_pack(drawn->points, explore_facts(checkpoint_), drawn->mapping,
                                   wanted_.commands, "", pool_);
      out.made = true;
      return std::nullopt;
    }
  }

  void make(Explored& out, const Dataset& data) {
    const auto progress = make_progress("explore", flags_.common.quiet || flags_.json);
    const CheckpointFacts& facts = checkpoint_.facts;
    const ExploreExtent extent{flags_.limit, !flags_.no_images, facts.seed};
    ExplorePoints points =
        explore_model(*checkpoint_.model, data, flags_.splits, extent, pool_, *progress);
    points.title = checkpoint_stem(path_);
    for (std::string& sentence : points.missing) sentence = in_flags(sentence);
    ExploreMapping mapping;
    mapping.seed = facts.seed;
    if (!wanted_.maps.empty()) {
      mapping.earlier = drawn_maps(figures_, facts.epochs, points.chosen, points.total);
    }
    ExploreModel model = explore_facts(checkpoint_);
    if (!model.test_mse && flags_.splits.front() == "test" && flags_.limit == 0) {
      model.test_mse = mean_error(points, data.test.count());
    }
    out.pack = make_explore_pack(points, model, mapping, wanted_.commands, wanted_.key(), pool_,
                                 *progress);
    out.made = true;
    keep(out);
  }

  /// A folder that cannot be written costs the next call a few seconds, no more.
  void keep(Explored& out) {
    std::error_code ignored;
    if (is_model_file(kept_path_) || fs::is_symlink(kept_path_, ignored)) return;
    try {
      write_file(kept_path_, out.pack);
      out.kept = kept_path_;
    } catch (const Error& error) {
      note(flags_.common, fmt::format("the pack is not kept: {}", error.reason()));
    }
  }

  const ExploreFlags& flags_;
  ThreadPool pool_;
  fs::path path_;
  std::vector<std::uint8_t> bytes_;
  Checkpoint checkpoint_;
  fs::path kept_path_;
  std::optional<KeptPack> kept_;
  ExploreSource wanted_;
  FigureFolder figures_;
};

}  // namespace

Explored explore_checkpoint(const ExploreFlags& flags) {
  return CheckpointExplorer(flags).explore();
}

}  // namespace hourglass::cli
