#include "hourglass/kernels/matmul.h"

#include <gmock/gmock.h>

#include <cmath>

#include "hourglass/base/random.h"
#include "hourglass/kernels/each_set_test.h"

namespace hourglass {
namespace {

Tensor random_matrix(std::int64_t rows, std::int64_t columns, Rng& rng) {
  Tensor x({rows, columns});
  for (float& value : x.span()) value = static_cast<float>(rng.uniform(-1, 1));
  return x;
}

class Matmul : public EachKernelSet {
 protected:
  Rng rng{11};
};

TEST_P(Matmul, TimesTransposeAgreesWithPlainLoopsAtOddSizes) {
  for (const std::int64_t m : {1, 7, 63, 65, 600}) {
    for (const std::int64_t n : {1, 7, 65}) {
      for (const std::int64_t k : {1, 7, 65}) {
        const Tensor a = random_matrix(m, k, rng), b = random_matrix(n, k, rng);
        Tensor out({m, n});
        matmul_nt(out, a, b);
        for (std::int64_t i = 0; i < m * n; ++i) {
          double sum = 0;
          for (std::int64_t p = 0; p < k; ++p) {
            sum += static_cast<double>(a[i / n * k + p]) * static_cast<double>(b[i % n * k + p]);
          }
          // Rounding of k products and sums, each of size at most 1.
          ASSERT_NEAR(out[i], sum, 1e-6 * static_cast<double>(k)) << m << " " << n << " " << k;
        }
      }
    }
  }
}

TEST_P(Matmul, TransposeTimesAddsToTheOutput) {
  for (const std::int64_t m : {1, 63, 600}) {
    for (const std::int64_t n : {1, 7, 65}) {
      for (const std::int64_t k : {1, 16, 65}) {
        const Tensor a = random_matrix(m, n, rng), b = random_matrix(m, k, rng);
        const Tensor before = random_matrix(n, k, rng);
        Tensor out = before.clone();
        matmul_tn_accumulate(out, a, b);
        for (std::int64_t i = 0; i < n * k; ++i) {
          double sum = static_cast<double>(before[i]);
          for (std::int64_t p = 0; p < m; ++p) {
            sum += static_cast<double>(a[p * n + i / k]) * static_cast<double>(b[p * k + i % k]);
          }
          ASSERT_NEAR(out[i], sum, 1e-6 * static_cast<double>(m + 1)) << m << " " << n << " " << k;
        }
      }
    }
  }
}

TEST_P(Matmul, ARowAloneHasTheBitsItHasAmongOthers) {
  const Tensor a = random_matrix(100, 33, rng), b = random_matrix(70, 33, rng);
  Tensor all({100, 70}), one({1, 70});
  matmul_nt(all, a, b);
  for (const std::int64_t row : {0, 13, 99}) {
    matmul_nt(one, a.view().rows(row, row + 1), b);
    for (std::int64_t j = 0; j < 70; ++j) ASSERT_EQ(one[j], all[row * 70 + j]) << row << " " << j;
  }
}

INSTANTIATE_TEST_SUITE_P(KernelSets, Matmul, kEverySet, kernel_set_name);

}  // namespace
}  // namespace hourglass
