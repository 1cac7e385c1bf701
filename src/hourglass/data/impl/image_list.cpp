#include "hourglass/data/impl/image_list.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <utility>

#include "hourglass/base/error.h"
#include "hourglass/data/impl/image_reader.h"
#include "hourglass/data/impl/names.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 8> kEndings{".png",  ".jpg",  ".jpeg", ".jpe",
                                                   ".jfif", ".webp", ".tif",  ".tiff"};
constexpr std::array<std::string_view, 20> kOtherEndings{
    ".gif", ".bmp", ".heic", ".heif", ".avif", ".svg", ".psd", ".ppm", ".pgm", ".pbm",
    ".pnm", ".jp2", ".j2k",  ".jxl",  ".ico",  ".exr", ".hdr", ".tga", ".dng", ".nef"};
constexpr std::array<std::string_view, 2> kTrainNames{"train", "training"};
constexpr std::array<std::string_view, 2> kTestNames{"test", "testing"};
constexpr std::array<std::string_view, 4> kValidationNames{"val", "valid", "validation", "dev"};

template <std::size_t n>
bool is_one_of(const std::array<std::string_view, n>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// A folder and what is in it; all names are paths below the folder that is listed.
struct Folder {
  std::string name;    // its own
  std::string prefix;  // of what is in it: "a/b/", or "" at the top
  std::vector<std::string> images;
  std::vector<std::string> others;  // files that are no images, or images that are not read
  std::vector<Folder> folders;

  std::int64_t image_count() const {
    std::int64_t count = std::ssize(images);
    for (const Folder& folder : folders) count += folder.image_count();
    return count;
  }
};

using Identity = std::pair<dev_t, ino_t>;

/// Whether a file without an ending begins as an image does.
bool begins_as_image(const fs::path& path) {
  std::array<char, 64> start{};
  std::ifstream file(path, std::ios::binary);
  file.read(start.data(), start.size());
  const auto count = static_cast<std::size_t>(file.gcount());
  return reader_of({reinterpret_cast<const std::uint8_t*>(start.data()), count}) != nullptr;
}

bool is_image(const fs::path& path) {
  const std::string ending = lower_case(path.extension().string());
  std::error_code unreadable;
  if (is_one_of(kEndings, ending)) {
    // A broken link counts as an image, which then cannot be read; a pipe or device does not.
    return !fs::exists(path, unreadable) || fs::is_regular_file(path, unreadable);
  }
  return ending.empty() && fs::is_regular_file(path, unreadable) && begins_as_image(path);
}

/// `ancestors` are the folders that contain this one: a link back to one of them is not followed.
Folder scan(const fs::path& path, std::string name, std::string prefix,
            std::vector<Identity>& ancestors) {
  Folder folder{std::move(name), std::move(prefix), {}, {}, {}};
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entries(path, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    names.push_back(entries->path().filename().string());
  }
  if (error) fail_file("data", "cannot read the folder {}: {}", path.string(), error.message());
  std::sort(names.begin(), names.end());
  for (const std::string& entry : names) {
    if (is_litter(entry)) continue;
    struct stat facts {};
    const bool there = ::stat((path / entry).c_str(), &facts) == 0;
    if (there && S_ISDIR(facts.st_mode)) {
      const Identity identity{facts.st_dev, facts.st_ino};
      if (std::find(ancestors.begin(), ancestors.end(), identity) != ancestors.end()) continue;
      ancestors.push_back(identity);
      folder.folders.push_back(scan(path / entry, entry, folder.prefix + entry + "/", ancestors));
      ancestors.pop_back();
    } else {
      (is_image(path / entry) ? folder.images : folder.others).push_back(folder.prefix + entry);
    }
  }
  return folder;
}

Folder scan_top(const fs::path& path) {
  std::vector<Identity> ancestors;
  struct stat facts {};
  if (::stat(path.c_str(), &facts) == 0) ancestors.emplace_back(facts.st_dev, facts.st_ino);
  return scan(path, "", "", ancestors);
}

/// Counts a file that is no image by its ending.
void leave_out(const std::string& name, LeftOut& left_out) {
  const std::string ending = lower_case(fs::path(name).extension().string());
  left_out.add(ending.empty() ? "without an ending" : as_utf8(ending), as_utf8(name),
               is_one_of(kOtherEndings, ending));
}

void leave_out_others(const Folder& folder, LeftOut& left_out) {
  for (const std::string& name : folder.others) leave_out(name, left_out);
  for (const Folder& below : folder.folders) leave_out_others(below, left_out);
}

/// Counts the images of a folder, those below it too, under one kind.
void leave_out_images(const Folder& folder, const std::string& kind, LeftOut& left_out) {
  for (const std::string& name : folder.images) left_out.add(kind, as_utf8(name));
  for (const Folder& below : folder.folders) leave_out_images(below, kind, left_out);
}

/// All images of a folder, those below it too, sorted by their paths.
std::vector<std::string> all_images(const Folder& folder) {
  std::vector<std::string> names = folder.images;
  for (const Folder& below : folder.folders) {
    const auto more = all_images(below);
    names.insert(names.end(), more.begin(), more.end());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// The folders that hold images. The empty ones are said.
std::vector<const Folder*> classes_of(const Folder& folder, ImageList& list) {
  std::vector<const Folder*> classes;
  std::int64_t empty = 0;
  std::string first;
  for (const Folder& below : folder.folders) {
    if (below.image_count() > 0) {
      classes.push_back(&below);
    } else if (empty++ == 0) {
      first = as_utf8(below.prefix);
    }
  }
  if (empty > 0 && !classes.empty()) {
    list.notes.push_back(fmt::format("{} folder{} without images passed over, first {}", empty,
                                     empty == 1 ? " is" : "s are", first));
  }
  return classes;
}

/// The folder's images with the classes that its folders are; without such, those directly in it.
std::vector<ListedImage> listed(const Folder& folder, ImageList& list) {
  std::vector<ListedImage> images;
  const auto classes = classes_of(folder, list);
  for (const Folder* one : classes) {
    const std::int64_t label = std::ssize(list.classes);
    list.classes.push_back(one->name);
    for (const std::string& name : all_images(*one)) images.push_back({name, label});
  }
  for (const std::string& name : folder.images) {
    if (classes.empty()) {
      images.push_back({name, 0});
    } else {
      list.left_out.add("beside the class folders", as_utf8(name));
    }
  }
  return images;
}

/// The test half, with the classes of the training half.
void add_test_half(const fs::path& top, const Folder& train, const Folder& test, ImageList& list) {
  if (list.classes.empty()) {
    for (const std::string& name : all_images(test)) list.test.push_back({name, 0});
    return;
  }
  const auto classes = classes_of(test, list);
  for (const Folder* one : classes) {
    const auto known = std::find(list.classes.begin(), list.classes.end(), one->name);
    if (known == list.classes.end()) {
      fail_file("data", "{} is a class that {} lacks: every class must have training images",
                (top / test.prefix / one->name).string(),
                (top / train.prefix).parent_path().string());
    }
    for (const std::string& name : all_images(*one)) {
      list.test.push_back({name, known - list.classes.begin()});
    }
  }
  const std::string kind = fmt::format("in {} without a class", as_utf8(test.prefix));
  for (const std::string& name : test.images) list.left_out.add(kind, as_utf8(name));
  if (classes.empty() && !test.images.empty()) {
    list.halves = false;
    list.notes.push_back(
        fmt::format("{} has no class folders: the test images are taken from {} instead",
                    as_utf8(test.prefix), as_utf8(train.prefix)));
  }
}

template <std::size_t n>
const Folder* find_half(const Folder& folder, const std::array<std::string_view, n>& names) {
  for (const Folder& below : folder.folders) {
    if (is_one_of(names, lower_case(below.name))) return &below;
  }
  return nullptr;
}

/// Fills the list if the folder has halves.
bool list_halves(const fs::path& top, const Folder& folder, ImageList& list) {
  const Folder* const train = find_half(folder, kTrainNames);
  const Folder* const validation = find_half(folder, kValidationNames);
  const Folder* test = find_half(folder, kTestNames);
  if (train == nullptr || (test == nullptr && validation == nullptr)) return false;
  if (test == nullptr) {
    test = validation;
    list.notes.push_back(fmt::format("the test images are those of {}, as there is no test/",
                                     as_utf8(test->prefix)));
  }
  list.halves = true;
  list.train = listed(*train, list);
  add_test_half(top, *train, *test, list);
  for (const Folder& below : folder.folders) {
    if (&below != train && &below != test) {
      leave_out_images(below, fmt::format("in {}", as_utf8(below.prefix)), list.left_out);
    }
  }
  for (const std::string& name : folder.images) {
    list.left_out.add(fmt::format("beside {}", as_utf8(train->prefix)), as_utf8(name));
  }
  return true;
}

}  // namespace

ImageList list_images(const fs::path& path) {
  const Folder top = scan_top(path);
  // Archives often unpack into a folder in the folder.
  const Folder* folder = &top;
  while (folder->images.empty() && folder->folders.size() == 1 &&
         folder->folders[0].images.empty() && folder->folders[0].image_count() > 0) {
    folder = &folder->folders[0];
  }
  ImageList list;
  if (folder != &top) {
    list.notes.push_back(fmt::format("the images are those of {}", as_utf8(folder->prefix)));
  }
  leave_out_others(top, list.left_out);
  if (!list_halves(path, *folder, list)) list.train = listed(*folder, list);
  if (list.train.empty()) {
    const std::string where = (path / (list.halves ? "train" : "")).string();
    const std::string there =
        list.left_out.count() > 0 ? fmt::format(" but {}", list.left_out.kinds()) : "";
    fail_file("data",
              "{} holds no images{}: put PNG, JPEG, WebP or TIFF files into it, or into a folder "
              "for each class in it{}",
              where, there, list.left_out.remedy());
  }
  return list;
}

}  // namespace hourglass
