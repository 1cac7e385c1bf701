// Reads the data sets of the catalogue, from files or from their archive. Finds no files: find.h.
#pragma once

#include "hourglass/data/dataset.h"
#include "hourglass/data/find.h"

namespace hourglass {

/// The images under the catalogue's class names, upright. Notes say what was changed. Throws Error
/// naming the file if one is damaged, has a label without a class, or does not belong to the
/// others. Does not compare checksums: see manage.h.
Dataset read_catalogued(const CatalogueEntry& entry, const FoundFiles& files);

}  // namespace hourglass
