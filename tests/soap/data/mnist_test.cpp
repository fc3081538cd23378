#include "soap/data/mnist.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"

#include "tests/support/idx_files.hpp"

using soap::read_mnist;
using test::Bytes;
using test::gzip_of;
using test::idx_header;
using test::operator+;

namespace {

const Bytes train_images = idx_header({3, 2, 2}) + Bytes{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
const Bytes train_labels = idx_header({3}) + Bytes{7, 0, 9};
const Bytes test_images = idx_header({1, 2, 2}) + Bytes{255, 254, 253, 252};
const Bytes test_labels = idx_header({1}) + Bytes{4};

void write_all(const test::TemporaryFolder& folder) {
  folder.write("train-images-idx3-ubyte", train_images);
  folder.write("train-labels-idx1-ubyte", train_labels);
  folder.write("t10k-images-idx3-ubyte", test_images);
  folder.write("t10k-labels-idx1-ubyte", test_labels);
}

std::string complaint(const std::filesystem::path& folder) {
  try {
    read_mnist(folder);
  } catch (const soap::IoError& error) {
    return error.what();
  }
  return "no error";
}

void check_content(const std::filesystem::path& folder) {
  const auto [train, test] = read_mnist(folder);
  REQUIRE(train.size() == 3);
  REQUIRE(test.size() == 1);
  CHECK(train.shape() == soap::ImageShape{.channels = 1, .height = 2, .width = 2});
  CHECK(train.outputs() == 10);
  CHECK(Bytes(train.pixels(1).begin(), train.pixels(1).end()) == Bytes{4, 5, 6, 7});
  CHECK(train.label(2) == 9);
  CHECK(Bytes(test.pixels(0).begin(), test.pixels(0).end()) == Bytes{255, 254, 253, 252});
  CHECK(test.label(0) == 4);
}

}  // namespace

TEST_CASE("MNIST is read from files of both spellings, plain or gzip, mixed as they come") {
  const test::TemporaryFolder folder;
  folder.write("train-images-idx3-ubyte", train_images);
  folder.write("train-labels.idx1-ubyte", train_labels);
  folder.write("t10k-images-idx3-ubyte.gz", gzip_of(test_images));
  folder.write("t10k-labels.idx1-ubyte.gz", gzip_of(test_labels));
  CHECK(soap::missing_mnist_files(folder.path()).empty());
  check_content(folder.path());
}

TEST_CASE("a folder of a file's name does not hide the file of the other spelling") {
  const test::TemporaryFolder folder;
  write_all(folder);
  std::filesystem::remove(folder.path() / "train-images-idx3-ubyte");
  std::filesystem::create_directory(folder.path() / "train-images-idx3-ubyte");
  CHECK(complaint(folder.path()) ==
        (folder.path() / "train-images-idx3-ubyte").string() + ": found a folder, expected a file");
  folder.write("train-images.idx3-ubyte", train_images);
  check_content(folder.path());
}

TEST_CASE("a missing file is refused with every name that was tried") {
  const test::TemporaryFolder folder;
  CHECK(soap::missing_mnist_files(folder.path()) ==
        std::vector<std::string>{"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                 "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"});
  write_all(folder);
  std::filesystem::remove(folder.path() / "t10k-labels-idx1-ubyte");
  CHECK(soap::missing_mnist_files(folder.path()) == std::vector<std::string>{"t10k-labels-idx1-ubyte"});
  CHECK(complaint(folder.path()) == folder.path().string() +
                                        ": found no test labels, expected a file named "
                                        "t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz or "
                                        "t10k-labels.idx1-ubyte or t10k-labels.idx1-ubyte.gz");
}

TEST_CASE("a path that is no folder is refused") {
  const test::TemporaryFolder folder;
  const auto absent = folder.path() / "absent";
  CHECK(complaint(absent) ==
        absent.string() + ": found no such folder, expected a folder with the files of MNIST");
  CHECK(soap::missing_mnist_files(absent).size() == 4);
  const auto file = folder.write("file", {1});
  CHECK(complaint(file) == file.string() + ": found a file, expected a folder with the files of MNIST");
  CHECK(soap::missing_mnist_files(file).size() == 4);
}

TEST_CASE("a label above 9 is refused with its place") {
  const test::TemporaryFolder folder;
  write_all(folder);
  const auto path = folder.write("train-labels-idx1-ubyte", idx_header({3}) + Bytes{9, 10, 0});
  CHECK(complaint(folder.path()) ==
        path.string() + ": at byte 9 found label 10, expected a label of 0 ... 9");
}

TEST_CASE("numbers of images and labels that differ are refused") {
  const test::TemporaryFolder folder;
  write_all(folder);
  const auto labels = folder.write("train-labels-idx1-ubyte", idx_header({2}) + Bytes{9, 0});
  CHECK(complaint(folder.path()) == (folder.path() / "train-images-idx3-ubyte").string() +
                                        ": at byte 4 found 3 images, expected 2, the number of labels in " +
                                        labels.string());
}

TEST_CASE("test images of another size than the training images are refused") {
  const test::TemporaryFolder folder;
  write_all(folder);
  const auto images = folder.write("t10k-images-idx3-ubyte", idx_header({1, 4, 1}) + Bytes{1, 2, 3, 4});
  CHECK(complaint(folder.path()) ==
        images.string() + ": at byte 8 found images of 4 x 1, expected images of 2 x 2, as in " +
            (folder.path() / "train-images-idx3-ubyte").string());
}

TEST_CASE("images in the place of labels are refused") {
  const test::TemporaryFolder folder;
  write_all(folder);
  const auto path = folder.write("t10k-labels-idx1-ubyte", test_images);
  CHECK(complaint(folder.path()) == path.string() + ": at byte 3 found 3 dimensions, expected 1 dimension");
}
