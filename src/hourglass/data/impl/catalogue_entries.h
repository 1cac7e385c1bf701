// The facts of the catalogue: names, sizes, checksums, classes, licences. See catalogue.h.
#pragma once

#include <vector>

#include "hourglass/data/catalogue.h"

namespace hourglass {

std::vector<CatalogueEntry> idx_entries();     ///< MNIST, Fashion-MNIST, KMNIST, QMNIST
std::vector<CatalogueEntry> emnist_entries();  ///< one for each split of EMNIST
std::vector<CatalogueEntry> cifar_entries();   ///< CIFAR-10, CIFAR-100

/// "0" to "9".
std::vector<std::string> digit_names();

}  // namespace hourglass
