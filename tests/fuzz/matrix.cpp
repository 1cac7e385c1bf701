// Matrices and labels from .npy and .npz files.
#include "hourglass/interop/matrix.h"

#include <cmath>

#include "fuzz.h"
#include "hourglass/interop/labels.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file({data, size});
  fuzz::reads([&] {
    const Matrix matrix = read_matrix(file.path());
    fuzz::check(matrix.rows() > 0 && matrix.columns() > 0, "a matrix without elements");
    fuzz::check(matrix.view().count() == matrix.rows() * matrix.columns(), "not true to its size");
    for (const float value : matrix.view().span()) {
      fuzz::check(std::isfinite(value), "a number that is not finite");
    }
  });
  fuzz::reads([&] {
    const std::int64_t rows = 1 + static_cast<std::int64_t>(size % 3);
    const Labels labels = read_labels(file.path(), rows);
    fuzz::check(std::ssize(labels.classes) == (labels.are_classes() ? rows : 0),
                "another number of labels");
    fuzz::check(labels.are_classes() || std::ssize(labels.values) == rows,
                "another number of values");
    for (const std::int64_t label : labels.classes) {
      fuzz::check(label >= 0 && label < std::ssize(labels.names), "a class without a name");
    }
  });
  return 0;
}
