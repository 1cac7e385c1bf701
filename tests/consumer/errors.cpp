// Uses the installed library as another project would: draws digits, puts them into a tensor,
// measures them, and provokes an error.
#include <cstdio>

#include "hourglass/base/error.h"
#include "hourglass/data/strokes.h"
#include "hourglass/lab/baselines.h"
#include "hourglass/tensor/tensor.h"

int main() {
  using namespace hourglass;
  const RowSource digits = make_strokes(20, 1);
  const std::int64_t pixels = strokes_shape().pixels();
  Tensor images(Shape{digits.count(), pixels});
  digits.fill_rows(0, digits.count(), images);
  double ink = 0.0;
  for (const float value : images.span()) ink += static_cast<double>(value);
  std::printf("%s, mean %.3f\n", images.shape().text().c_str(),
              ink / static_cast<double>(images.count()));
  if (!(ink > 0.0)) return 1;

  const Dataset data{"digits", strokes_shape(), strokes_class_names(), digits, digits, "", ""};
  ThreadPool pool(1);
  std::printf("the mean image's error is %.4f\n", measure_baselines(data, 4, pool).mean_image.mse);

  try {
    make_strokes(-1, 1);
  } catch (const Error& error) {
    std::puts(error.what());
    return 0;
  }
  return 1;
}
