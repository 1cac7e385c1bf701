// In the place of transfer.cpp where hourglass was built without downloads.
#include "hourglass/base/error.h"
#include "hourglass/data/transfer.h"

namespace hourglass {

TransferResult transfer(const std::string&, PartFile&, std::uint64_t, const DownloadOptions&,
                        const std::function<void(std::uint64_t)>&) {
  fail_file("download",
            "this hourglass was built without downloads: build it with libcurl's headers");
}

std::string transfer_library_version() {
  return "";
}

}  // namespace hourglass
