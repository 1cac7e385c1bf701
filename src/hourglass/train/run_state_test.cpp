#include "hourglass/train/run_state.h"

#include <nlohmann/json.hpp>

#include "hourglass/base/message_test.h"
#include "hourglass/base/random.h"
#include "hourglass/base/version.h"
#include "hourglass/models/damaged_test.h"
#include "hourglass/models/registry.h"
#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

std::vector<float> copy(std::span<const float> values) {
  return {values.begin(), values.end()};
}

/// A model and an optimiser in the middle of a run.
struct UnfinishedRun {
  std::unique_ptr<Model> model = make_model("AE", {1, 8, 8}, {3}, 2);
  Adam adam{std::ssize(model->parameters()), {}};
  ThreadPool pool{1};
  RunIdentity identity{model->describe().dump(),
                       "abc",
                       {.recipe = "brisk",
                        .epochs = 9,
                        .batch_size = 7,
                        .learning_rate = 0.1,
                        .schedule = {.warmup = 0.3, .decays = true},
                        .beta2 = 0.7,
                        .lanes = 4,
                        .seed = 18446744073709551615u},
                       3};

  void advance() {
    // Through state-dict order, so that the padding in the engine's layout stays zero.
    Rng rng(1);
    std::vector<float> state(static_cast<std::size_t>(model->parameter_list().state_count()));
    for (float& x : state) x = static_cast<float>(rng.uniform(-1, 1));
    std::vector<float> gradient(model->parameters().size());
    model->parameter_list().from_state(gradient, state);
    adam.step(model->parameters(), gradient, pool);
    model->prepare();
  }
};

TEST(RunState, GivesBackEveryBit) {
  const TemporaryFolder folder;
  UnfinishedRun run;
  run.advance();
  run.advance();
  const RunState state{run.identity,
                       {.epochs_done = 5, .step = 6, .loss_sum = 0.1 + 0.2},
                       1.0 / 3.0,
                       "avx2, chunk 8"};
  save_run_state(folder / "r", state, *run.model, run.adam);

  UnfinishedRun back;
  const RunState read = load_run_state(folder / "r", run.identity, *back.model, back.adam);
  EXPECT_EQ(copy(back.model->parameters()), copy(run.model->parameters()));
  EXPECT_EQ(copy(back.adam.m.span()), copy(run.adam.m.span()));
  EXPECT_EQ(copy(back.adam.v.span()), copy(run.adam.v.span()));
  EXPECT_EQ(back.adam.steps, 2);
  EXPECT_EQ(read.position.epochs_done, 5);
  EXPECT_EQ(read.position.step, 6);
  EXPECT_EQ(read.position.loss_sum, 0.1 + 0.2);
  EXPECT_EQ(read.best_validation, 1.0 / 3.0);
  EXPECT_EQ(read.kernels, state.kernels);
  const TrainOptions& options = read.identity.options;
  EXPECT_EQ(options.recipe, "brisk");
  EXPECT_EQ(options.epochs, 9);
  EXPECT_EQ(options.batch_size, 7);
  EXPECT_EQ(options.learning_rate, 0.1);
  EXPECT_EQ(options.schedule.warmup, 0.3);
  EXPECT_TRUE(options.schedule.decays);
  EXPECT_EQ(options.beta2, 0.7);
  EXPECT_EQ(options.lanes, 4);
  EXPECT_EQ(options.seed, run.identity.options.seed);
  EXPECT_FALSE(read.finished());
  EXPECT_EQ(peek_run_state(folder / "r").position.step, 6);
}

TEST(RunState, BestValidationBeforeTheFirstIsInfinite) {
  const TemporaryFolder folder;
  UnfinishedRun run;
  save_run_state(folder / "r", {run.identity, {}, HUGE_VAL, "x"}, *run.model, run.adam);
  EXPECT_EQ(peek_run_state(folder / "r").best_validation, HUGE_VAL);
}

TEST(RunState, OfANewerFormatIsRefusedWithTheVersionItNeeds) {
  const TemporaryFolder folder;
  UnfinishedRun run;
  save_run_state(folder / "r", {run.identity, {}, 0.0, ""}, *run.model, run.adam);
  NamedArrays file = read_safetensors(folder / "r");
  EXPECT_EQ(file.metadata.at("version"), version());
  file.metadata["hourglass.resume_format"] = "2";
  file.metadata["version"] = "0.9.0";
  std::vector<NamedArrayView> arrays;
  for (const NamedArray& named : file.arrays) arrays.push_back({named.name, named.array});
  write_safetensors(folder / "r", arrays, file.metadata);
  EXPECT_EQ(message_of([&] { peek_run_state(folder / "r"); }),
            "[resume] " + (folder / "r").string() +
                " was written by hourglass 0.9.0 in format 2, and this one reads up to 1: use "
                "hourglass 0.9.0 or later");
}

TEST(RunState, ThatIsACheckpointIsRefused) {
  const TemporaryFolder folder;
  const UnfinishedRun run;
  save_checkpoint(folder / "c", *run.model, {});
  EXPECT_EQ(message_of([&] { peek_run_state(folder / "c"); }),
            "[resume] " + (folder / "c").string() + " is not the state of a run");
}

TEST(RunState, OfAnotherModelIsRefused) {
  const TemporaryFolder folder;
  UnfinishedRun run;
  save_run_state(folder / "r", {run.identity, {}, 1.0, "x"}, *run.model, run.adam);
  RunIdentity here = run.identity;
  here.model = make_model("AE", {1, 8, 8}, {4}, 2)->describe().dump();
  EXPECT_THAT(message_of([&] { load_run_state(folder / "r", here, *run.model, run.adam); }),
              testing::HasSubstr("was started with `latent_dim` 3, not 4"));
}

TEST(HostileRunState, ThatIsMissingOrAFolderIsNamed) {
  const TemporaryFolder folder;
  for (const std::filesystem::path& path : {folder / "none.safetensors", folder.path()}) {
    EXPECT_THAT(message_of([&] { peek_run_state(path); }), testing::HasSubstr(path.string()));
  }
}

TEST(HostileRunState, BracketsInBracketsDoNotEndTheStack) {
  const TemporaryFolder folder;
  const std::string nested = std::string(1000000, '[') + std::string(1000000, ']');
  const double sums[] = {0.0, 0.0};
  const NamedArrayView arrays[] = {{"sums", {std::span<const double>(sums), Shape{2}}}};
  write_safetensors(folder / "a", arrays,
                    {{"hourglass.resume_format", "1"}, {"run", R"({"model": )" + nested + "}"}});
  EXPECT_THAT(message_of([&] { peek_run_state(folder / "a"); }),
              testing::HasSubstr("does not say where its run stopped"));
}

TEST(HostileRunState, DamagedAnyhowIsReadOrRefusedInOneLine) {
  const TemporaryFolder folder;
  const auto path = folder / "a.safetensors";
  const auto model = make_model("AE", {1, 8, 8}, {1}, 0);
  Adam adam(std::ssize(model->parameters()), {});
  const RunIdentity identity{model->describe().dump(), "abc", {.epochs = 4}, 3};
  save_run_state(path, {identity, {1, 2, 3.0}, 5.0, "avx2"}, *model, adam);
  expect_refused_in_one_line(read_file(path), [&](const std::vector<std::uint8_t>& bytes) {
    write_file(path, bytes);
    peek_run_state(path);
    load_run_state(path, identity, *model, adam);
  });
}

}  // namespace
}  // namespace hourglass
