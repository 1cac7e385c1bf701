// The lines of the metrics log.
#include "hourglass/train/metrics_log.h"

#include "fuzz.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::reads([&] {
    std::string text;
    const auto lines = parse_metrics(fuzz::text_of({data, size}), "f");
    for (const EpochResult& line : lines) text += metrics_line(line);
    std::string again;
    for (const EpochResult& line : parse_metrics(text, "f")) again += metrics_line(line);
    fuzz::check(again == text, "lines written twice differ");
    fuzz::check(static_cast<std::size_t>(std::ssize(lines)) <= size, "more lines than bytes");
  });
  return 0;
}
