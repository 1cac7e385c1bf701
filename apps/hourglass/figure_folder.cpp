#include "figure_folder.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

std::optional<FigureOwner> recorded_owner(const fs::path& facts) {
  if (!fs::exists(facts)) return std::nullopt;
  const auto bytes = read_file(facts, 1 << 20);
  return parse_figure_owner({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

std::optional<FigureOwner> parse_figure_owner(std::string_view text) {
  const nlohmann::json json = parse_json(text).value_or(nullptr);
  try {
    return FigureOwner{json.at("run"),
                       json.at("model"),
                       json.at("dataset"),
                       json.at("dataset_sha256"),
                       whole_number(json, "latent_dim"),
                       natural_number(json, "seed")};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

std::string checkpoint_stem(const fs::path& checkpoint) {
  return checkpoint.stem().string();
}

bool FigureFolder::is_ours() const {
  return recorded_owner(facts_path()) == owner_;
}

void FigureFolder::open() {
  if (open_) return;
  open_ = true;
  const auto recorded = recorded_owner(facts_path());
  const bool ours =
      found_ == Owner::this_run || (found_ == Owner::as_recorded && recorded == owner_);
  if (recorded && !ours) {
    const fs::path aside = folder_.string() + "_previous";
    std::error_code error;
    // Only what is a folder of figures itself is replaced.
    if (fs::exists(aside / "run.json")) fs::remove_all(aside, error);
    fs::rename(folder_, aside, error);
    if (error) {
      fail("figures", "cannot move the figures of another run from {} to {}: {}", folder_.string(),
           aside.string(), error.message());
    }
  }
  make_folder(folder_);
  const nlohmann::ordered_json facts{{"run", owner_.run},
                                     {"model", owner_.model},
                                     {"dataset", owner_.dataset},
                                     {"dataset_sha256", owner_.dataset_sha256},
                                     {"latent_dim", owner_.latent_dim},
                                     {"seed", owner_.seed}};
  write_file(facts_path(), facts.dump(2) + "\n");
}

}  // namespace hourglass
