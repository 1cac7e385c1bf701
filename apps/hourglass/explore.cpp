// hourglass explore: a page on which a person walks through a latent space, in the browser or as
// one file.

#include <fmt/ranges.h>

#include <cctype>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "browser.h"
#include "embedded_page.h"
#include "explore_input.h"
#include "hourglass/base/file.h"
#include "hourglass/lab/explore_file.h"
#include "hourglass/lab/explore_kept.h"
#include "hourglass/serve/page_server.h"
#include "interrupt.h"
#include "output.h"
#include "terminal.h"
#include "verbs.h"

namespace hourglass::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPack = "pack.safetensors", kModel = "model.safetensors",
                           kEngine = "engine.wasm";

std::string model_of_epoch(std::int64_t epoch) {
  return fmt::format("model_{}.safetensors", epoch);
}

EmbeddedPage page_of_this_build() {
  if (const auto page = embedded_page()) return *page;
  fail_file("explore",
            "this hourglass was built without its page: install emscripten, esbuild and nodejs "
            "(script/setup), and build it again");
}

/// "10,000" of 10000.
std::string with_commas(std::int64_t number) {
  std::string text = std::to_string(number);
  for (std::ptrdiff_t at = std::ssize(text) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), ",");
  }
  return text;
}

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MB", 1e-6 * static_cast<double>(bytes));
}

void check_flags(const ExploreFlags& flags, bool matrix) {
  const auto belongs = [&](bool given, std::string_view flag, std::string_view to) {
    if (given) fail("explore", "{} belongs to {}: leave it out", flag, to);
  };
  if (matrix) {
    belongs(!flags.dataset.empty(), "--dataset", "a checkpoint");
    belongs(flags.splits != ExploreFlags().splits, "--split", "a checkpoint");
    belongs(flags.epochs != "last", "--epochs", "a checkpoint");
  } else {
    belongs(!flags.map.empty(), "--map", "a matrix");
    belongs(!flags.labels.empty(), "--labels", "a matrix");
    belongs(!flags.label_column.empty(), "--label_column", "a matrix");
    belongs(!flags.images.empty(), "--images", "a matrix");
  }
  if (flags.epochs != "last" && flags.epochs != "all") {
    fail("explore", "--epochs is {}: choose last or all", flags.epochs);
  }
  if (flags.no_images && !flags.images.empty()) {
    fail("explore", "--images and --no_images contradict each other: leave one out");
  }
  if (flags.output.empty()) {
    belongs(flags.epochs == "all", "--epochs all", "--output (all are served anyway)");
    return;
  }
  belongs(flags.no_browser, "--no_browser", "serving, not to --output");
  belongs(flags.port != 0, "--port", "serving, not to --output");
  const std::string ending = flags.output.extension().string();
  if (path_kind(flags.output) != PathKind::kStream && ending != ".html" && ending != ".htm") {
    fail("explore", "--output is {}: end its name with .html", flags.output.string());
  }
  check_output({"explore",
                {input_file(flags.input), input_file(flags.map), input_file(flags.labels)},
                flags.overwrite},
               flags.output);
}

void say_what_is_missing(const ExploreFlags& flags, const PackOutline& pack) {
  if (pack.points < pack.total) {
    note(flags.common, fmt::format("{} of {} points, as --limit asks", with_commas(pack.points),
                                   with_commas(pack.total)));
  }
  for (std::string sentence : pack.missing) {  // a sentence on the page, a clause here
    if (sentence.ends_with('.')) sentence.pop_back();
    if (sentence.empty()) continue;
    sentence.front() =
        static_cast<char>(std::tolower(static_cast<unsigned char>(sentence.front())));
    note(flags.common, sentence);
  }
}

nlohmann::ordered_json facts_of(const ExploreFlags& flags, const Explored& explored,
                                const PackOutline& pack) {
  nlohmann::ordered_json out;
  out["points"] = pack.points;
  out["total"] = pack.total;
  out["latent_dim"] = pack.latent_dim;
  out["images"] = pack.images;
  out["epochs"] = pack.epochs;
  out["missing"] = pack.missing;
  out["pack"] = explored.kept.empty() ? nlohmann::ordered_json()
                                      : nlohmann::ordered_json(explored.kept.string());
  out["made"] = explored.made;
  if (!flags.output.empty()) out["output"] = flags.output.string();
  return out;
}

/// The same call for the other way of showing the page, or "": what came through a pipe cannot be
/// named again.
std::string other_call(const ExploreFlags& flags, const Explored& explored) {
  if (explored.name.empty()) return "";
  std::string call = "hourglass explore " + explored.name;
  if (flags.splits != ExploreFlags().splits) {
    call += fmt::format(" --split {}", fmt::join(flags.splits, ","));
  }
  if (flags.limit != 0) call += fmt::format(" --limit {}", flags.limit);
  if (flags.no_images) call += " --no_images";
  if (flags.output.empty()) call += " -o explore.html";
  if (is_known_dataset(flags.dataset)) call += " --dataset " + flags.dataset;
  return with_folders(std::move(call), flags.common, flags.dataset);
}

int write_page(const ExploreFlags& flags, const EmbeddedPage& page, const Explored& explored,
               const PackOutline& pack) {
  std::vector<PageBlob> blobs{{std::string(kEngine), page.engine},
                              {std::string(kPack), explored.pack}};
  if (!explored.model.empty()) blobs.push_back({std::string(kModel), explored.model});
  std::vector<std::vector<std::uint8_t>> models;
  if (flags.epochs == "all") {
    models.reserve(explored.epochs.size());
    for (const auto& [epoch, path] : explored.epochs) {
      models.push_back(read_file(path));
      blobs.push_back({model_of_epoch(epoch), models.back()});
    }
  }
  const std::uint64_t bytes = write_explore_file(flags.output, page.html, blobs);
  if (flags.json) {
    nlohmann::ordered_json facts = facts_of(flags, explored, pack);
    facts["bytes"] = bytes;
    print_result(std::move(facts), std::span(&flags.output, 1));
    return kDone;
  }
  if (!flags.common.quiet) {
    say("{}: {}, {} points; {}\n", flags.output.string(), megabytes(bytes),
        with_commas(pack.points),
        pack.images ? "it contains the images that it shows (--no_images leaves them out)"
                    : "it contains no images");
  }
  print_written(std::span(&flags.output, 1), other_call(flags, explored), flags.common);
  return kDone;
}

Blob borrowed(std::span<const std::uint8_t> bytes) {
  return {bytes, {}};
}

Blob borrowed(std::string_view text) {
  return borrowed(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

int serve_page(const ExploreFlags& flags, const EmbeddedPage& page, Explored explored,
               const PackOutline& pack) {
  const std::string bytes = "application/octet-stream", next = other_call(flags, explored);
  std::vector<Route> routes{
      {"", "text/html; charset=utf-8", borrowed(page.html), "", content_policy_of(page.html)},
      {std::string(kEngine), "application/wasm", borrowed(page.engine), "", ""},
      {std::string(kPack), bytes, own(std::move(explored.pack)), "", ""}};
  if (!explored.model.empty()) {
    routes.push_back({std::string(kModel), bytes, own(std::move(explored.model)), "", ""});
  }
  for (const auto& [epoch, path] : explored.epochs) {
    routes.push_back({model_of_epoch(epoch), bytes, own(read_file(path)), "", ""});
  }
  ServerOptions options;
  if (flags.port != 0) options.port = static_cast<int>(flags.port);
  PageServer server(std::move(routes), options);
  catch_interrupts();
  const bool browse = !flags.no_browser && has_display();
  if (flags.json) {
    nlohmann::ordered_json facts = facts_of(flags, explored, pack);
    facts["address"] = server.url();
    print_json(facts);
  } else {
    if (!flags.common.quiet) say("{} points; Ctrl-C ends this\n", with_commas(pack.points));
    say("{}\n", browse ? server.url() : how_to_open(server.url(), server.port()));
    print_written({}, next, flags.common);
  }
  std::fflush(stdout);
  std::optional<Browser> browser;
  if (browse) browser.emplace(server.url());
  server.run([&] {
    if (browser) {
      if (const auto why = browser->failure()) {
        note(flags.common, fmt::format("{}; {}", *why, how_to_open(server.url(), server.port())));
      }
    }
    return interrupted();
  });
  return kDone;
}

int explore(const ExploreFlags& flags) {
  const EmbeddedPage page = page_of_this_build();
  const bool matrix = names_matrix(flags.input);
  check_flags(flags, matrix);
  if (flags.output.empty() && flags.port != 0) check_port(static_cast<int>(flags.port));
  Explored explored = matrix ? explore_matrix(flags) : explore_checkpoint(flags);
  const PackOutline pack = outline_pack(explored.pack);
  say_what_is_missing(flags, pack);
  return flags.output.empty() ? serve_page(flags, page, std::move(explored), pack)
                              : write_page(flags, page, explored, pack);
}

}  // namespace

bool names_matrix(const std::string& input) {
  if (input.empty()) return false;
  if (input == "-") return true;
  std::error_code ignored;
  const fs::path file = input_file(input);
  if (fs::is_regular_file(file, ignored)) {
    return !is_model_file(file) && file.extension() != ".safetensors";
  }
  const std::string ending = file.extension().string();
  return ending == ".npy" || ending == ".npz" || ending == ".csv" || ending == ".tsv" ||
         path_kind(file) == PathKind::kStream;
}

Action add_explore(CLI::App& app) {
  const auto flags = std::make_shared<ExploreFlags>();
  optional_argument(app, flags->input, "CHECKPOINT|MATRIX",
                    "a path or a short name such as mnist_32, the newest when left out; or rows of "
                    "numbers: .npy, .npz, .csv or .tsv");
  flag_group(app, "Page");
  path_flag(app, flags->output,
            {"-o,--output", "FILE",
             "write the page with all that it shows into one .html file, which needs no network, "
             "instead of serving it"});
  switch_flag(app, flags->no_browser, "--no_browser", "serve the page and open no browser");
  count_flag(app, flags->port,
             {"--port", "N", "serve on this port of 127.0.0.1", "7830, or the next free one"}, 1,
             65535);
  count_flag(app, flags->limit,
             {"--limit", "N", "show at most N points, as many of each class", "all"}, 1);
  switch_flag(app, flags->no_images, "--no_images", "leave the images out");
  text_flag(app, flags->epochs,
            {"--epochs", "WHICH",
             "models in the file: last, or all; those of every epoch whose map was drawn"});
  list_flag(app, flags->splits, {"--split", "LIST", "images of a model: some of train,test"});
  overwrite_flag(app, flags->overwrite);
  json_flag(app, flags->json);
  flag_group(app, "Matrix");
  text_flag(app, flags->map, {"--map", "FILE", "its map [n, 2]; left out, UMAP makes one", ""});
  text_flag(app, flags->labels,
            {"--labels", "FILE",
             "labels [n], .npy, .npz or .csv: text or whole numbers are classes, others colour the "
             "points",
             ""});
  text_flag(
      app, flags->label_column,
      {"--label_column", "NAME", "the labels as a column of a table", "label, where there is one"});
  path_flag(app, flags->images,
            {"--images", "DIR",
             "a folder with an image for each row, by the table's column name, or sorted"});
  measured_data_flags(app, flags->dataset, flags->common);
  return [flags] { return explore(*flags); };
}

}  // namespace hourglass::cli
