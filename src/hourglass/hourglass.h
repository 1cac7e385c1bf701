// All that a program needs to train autoencoders, encode and decode, and make maps of latents. What
// is not here (readers of one file format, layers, single kernels) has a header of its own beside
// these; docs/library.md lists the modules.
#pragma once

#include "hourglass/base/error.h"
#include "hourglass/base/threads.h"
#include "hourglass/data/open.h"
#include "hourglass/interop/npy.h"
#include "hourglass/models/apply.h"
#include "hourglass/models/checkpoint_file.h"
#include "hourglass/models/registry.h"
#include "hourglass/project/pca.h"
#include "hourglass/project/umap/umap.h"
#include "hourglass/tensor/tensor.h"
#include "hourglass/train/trainer.h"
