// The state of a run. The header is fuzzed and the data are zeros: see with_zeros().
#include <nlohmann/json.hpp>

#include "fuzz.h"
#include "hourglass/models/registry.h"
#include "hourglass/train/run_state.h"

using namespace hourglass;

namespace {

/// The run of the seed input, so that some inputs reach the model.
struct Run {
  std::unique_ptr<Model> model = make_model("AE", {1, 8, 8}, {1}, 0);
  Adam adam{std::ssize(model->parameters()), {}};
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Bytes bytes = fuzz::with_zeros(fuzz::text_of({data, size}), 1 << 20);
  fuzz::reads([&] {
    const NamedArrays file = parse_safetensors(bytes, "f");
    const RunState state = parse_run_state(file, "f");
    fuzz::check(state.position.epochs_done >= 0 && state.position.step >= 0, "before the start");
    state.finished();
    fuzz::reads([&] { check_options(state.identity.options); });
    static Run run;
    const RunIdentity small{run.model->describe().dump(), "abc", {.recipe = "plain"}, 0};
    fuzz::reads([&] { take_run_state(file, "f", small, *run.model, run.adam); });
    if (!fuzz::is_sample({data, size})) return;
    // The run that the file itself names.
    fuzz::reads([&] { take_run_state(file, "f", state.identity, *run.model, run.adam); });
    save_run_state(fuzz::scratch_file(), state, *run.model, run.adam);
    const RunState again = peek_run_state(fuzz::scratch_file());
    fuzz::check(again.identity.options.seed == state.identity.options.seed &&
                    again.identity.model == state.identity.model &&
                    again.position.epochs_done == state.position.epochs_done &&
                    again.position.step == state.position.step && again.kernels == state.kernels,
                "another state");
  });
  return 0;
}
