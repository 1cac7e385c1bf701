// Uses the installed library as a stranger would: draws digits, puts them into a tensor, measures
// them, and asks for something impossible.
#include <cstdio>

#include "base/error.h"
#include "data/strokes.h"
#include "lab/baselines.h"
#include "tensor/tensor.h"

int main() {
  using namespace hourglass;
  const Split digits = make_strokes(20, 1);
  const std::int64_t pixels = strokes_shape().pixels();
  Tensor images(Shape{digits.count(), pixels});
  double ink = 0.0;
  for (std::int64_t i = 0; i < images.count(); ++i) {
    images[i] = static_cast<float>(digits.pixels[static_cast<std::size_t>(i)]) / 255.0f;
    ink += images[i];
  }
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
