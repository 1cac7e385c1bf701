// Checkpoints, with their config. The header is fuzzed and the data are zeros: see
// with_zeros().
#include "hourglass/models/checkpoint_file.h"

#include <cmath>

#include "fuzz.h"

using namespace hourglass;

namespace {

bool same(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Bytes file = fuzz::with_zeros(fuzz::text_of({data, size}), 1 << 18);
  fuzz::reads([&] {
    const Checkpoint read = parse_checkpoint(file, "f");
    const CheckpointFacts& facts = read.facts;
    fuzz::check(facts.dataset.find('/') == std::string::npos, "a data set that is a path");
    fuzz::check(read.model->parameter_list().state_count() * 4 < std::int64_t{1} << 21,
                "a model larger than the file");
    if (!fuzz::is_sample({data, size})) return;
    save_checkpoint(fuzz::scratch_file(), *read.model, facts);
    const Checkpoint again = load_checkpoint(fuzz::scratch_file());
    fuzz::check(weights_sha256(*again.model) == weights_sha256(*read.model), "other weights");
    const CheckpointFacts& second = again.facts;
    fuzz::check(second.dataset == facts.dataset && second.class_names == facts.class_names &&
                    second.seed == facts.seed && second.epochs == facts.epochs &&
                    second.recipe == facts.recipe && second.imported == facts.imported &&
                    second.others == facts.others && second.version == facts.version &&
                    same(second.train_loss, facts.train_loss) &&
                    same(second.test_mse, facts.test_mse),
                "other facts");
  });
  return 0;
}
