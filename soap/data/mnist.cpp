#include "soap/data/mnist.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "soap/base/error.hpp"
#include "soap/base/ordinary_file.hpp"
#include "soap/base/text.hpp"
#include "soap/data/idx.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 2> sets{"train", "t10k"};
constexpr int image_rank = 3;
constexpr int label_rank = 1;
constexpr int classes = 10;

// The first spelling is the original one.
std::vector<std::string> spellings(const std::string& set, int rank) {
  std::vector<std::string> names;
  for (const char* separator : {"-", "."}) {
    for (const char* ending : {"", ".gz"}) {
      names.push_back(set + (rank == image_rank ? "-images" : "-labels") + separator + "idx" +
                      std::to_string(rank) + "-ubyte" + ending);
    }
  }
  return names;
}

std::optional<fs::path> find(const fs::path& folder, const std::string& set, int rank) {
  std::optional<fs::path> other;
  for (const std::string& name : spellings(set, rank)) {
    const fs::path path = folder / name;
    const FileKind kind = kind_of(path, "a file of MNIST's");
    if (kind == FileKind::file) return path;
    // Some archives unpack each file into a folder named after it: used only when there is nothing better, so
    // that the reader's message names it.
    if (kind != FileKind::none && !other) other = path;
  }
  return other;
}

fs::path require(const fs::path& folder, const std::string& set, int rank) {
  if (auto path = find(folder, set, rank)) return *path;
  throw IoError(folder.string(), IoError::no_offset,
                std::string("no ") + (set == "train" ? "training" : "test") +
                    (rank == image_rank ? " images" : " labels"),
                "a file named " + join(spellings(set, rank), " or "));
}

struct Located {
  fs::path images_path;
  LabeledImages content;
};

Located read_set(const fs::path& folder, const std::string& set) {
  const fs::path images_path = require(folder, set, image_rank);
  const fs::path labels_path = require(folder, set, label_rank);
  IdxArray labels = read_idx(labels_path, label_rank);
  const auto wrong =
      std::find_if(labels.values.begin(), labels.values.end(), [](auto label) { return label >= classes; });
  if (wrong != labels.values.end()) {
    constexpr std::int64_t header_size = 8;
    throw IoError(labels_path.string(), header_size + (wrong - labels.values.begin()),
                  "label " + std::to_string(*wrong), "a label of 0 ... " + std::to_string(classes - 1));
  }
  IdxArray images = read_idx(images_path, image_rank);
  if (images.dimensions[0] != labels.dimensions[0]) {
    constexpr std::int64_t count_offset = 4;
    throw IoError(images_path.string(), count_offset, std::to_string(images.dimensions[0]) + " images",
                  std::to_string(labels.dimensions[0]) + ", the number of labels in " + labels_path.string());
  }
  return {images_path,
          {.pixels = std::move(images.values),
           .labels = std::move(labels.values),
           .shape = {.channels = 1, .height = images.dimensions[1], .width = images.dimensions[2]},
           .classes = classes}};
}

std::string size_of(const ImageShape& shape) {
  return std::to_string(shape.height) + " x " + std::to_string(shape.width);
}

}  // namespace

TrainTest read_mnist(const fs::path& folder) {
  const std::string expected = "a folder with the files of MNIST";
  const FileKind kind = kind_of(folder, expected);
  if (kind != FileKind::folder) {
    throw IoError(folder.string(), IoError::no_offset,
                  kind == FileKind::none ? "no such folder" : to_text(kind), expected);
  }
  Located train = read_set(folder, sets[0]);
  Located test = read_set(folder, sets[1]);
  // One for both: the test images are what they are in the training images' units.
  test.content.normalization = train.content.normalization = measured_normalization(train.content.pixels);
  if (train.content.shape != test.content.shape) {
    constexpr std::int64_t height_offset = 8;
    throw IoError(test.images_path.string(), height_offset, "images of " + size_of(test.content.shape),
                  "images of " + size_of(train.content.shape) + ", as in " + train.images_path.string());
  }
  return {ImageDataset(std::move(train.content)), ImageDataset(std::move(test.content))};
}

std::vector<std::string> missing_mnist_files(const fs::path& folder) {
  std::vector<std::string> missing;
  for (const char* set : sets) {
    for (const int rank : {image_rank, label_rank}) {
      if (!find(folder, set, rank)) missing.push_back(spellings(set, rank).front());
    }
  }
  return missing;
}

}  // namespace SOAP_ABI
}  // namespace soap
