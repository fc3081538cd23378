#include "soap/data/image_dataset.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

using soap::Batch;
using soap::ImageDataset;
using soap::Index;
using soap::LabeledImages;
using soap::Scalar;

namespace {

// 256 images of 2 x 3 whose bytes run through every value, in another order for each position.
LabeledImages all_bytes() {
  LabeledImages images{.shape = {.channels = 1, .height = 2, .width = 3}};
  for (int i = 0; i < 256; ++i) {
    for (int k = 0; k < 6; ++k) images.pixels.push_back(static_cast<std::uint8_t>(i + 41 * k));
    images.labels.push_back(static_cast<std::uint8_t>(i % 10));
  }
  return images;
}

// Two roundings, relative to the largest of the values.
bool is_input(Scalar input, double expected) {
  return std::abs(static_cast<double>(input) - expected) <= 8 * std::numeric_limits<Scalar>::epsilon();
}

}  // namespace

TEST_CASE("gathered pixels are the bytes over 255, minus the mean, over the deviation") {
  LabeledImages images = all_bytes();
  images.normalization = {.mean = 0.25, .standard_deviation = 0.4};
  const ImageDataset data(images);
  std::vector<Index> examples;
  for (Index i = 255; i >= 0; --i) examples.push_back(i);
  Batch batch;
  batch.reserve(data.features(), data.outputs(), 300);
  data.gather(examples, batch);
  REQUIRE(batch.size() == 256);
  for (Index column = 0; column < 256; ++column) {
    for (Index row = 0; row < 6; ++row) {
      const int byte = static_cast<int>((255 - column + 41 * row) % 256);
      CHECK(is_input(batch.inputs()(row, column), (byte / 255.0 - 0.25) / 0.4));
    }
  }
}

TEST_CASE("the default normalization is MNIST's") {
  const ImageDataset data(all_bytes());
  CHECK(data.normalization().mean == 0.1307);
  CHECK(data.normalization().standard_deviation == 0.3081);
}

TEST_CASE("gathered targets are one-hot columns that agree with the labels, also in a batch used before") {
  const ImageDataset data(all_bytes());
  Batch batch;
  batch.reserve(data.features(), data.outputs(), 4);
  for (const std::vector<Index>& examples : {std::vector<Index>{3, 14, 15, 92}, std::vector<Index>{65, 35}}) {
    data.gather(examples, batch);
    REQUIRE(batch.size() == static_cast<Index>(examples.size()));
    REQUIRE(batch.labels().size() == examples.size());
    for (std::size_t i = 0; i < examples.size(); ++i) {
      const Index label = examples[i] % 10;
      CHECK(batch.labels()[i] == label);
      for (Index row = 0; row < 10; ++row) {
        CHECK(batch.targets()(row, static_cast<Index>(i)) == (row == label ? 1 : 0));
      }
    }
  }
}

TEST_CASE("gathering twice uses the same memory") {
  const ImageDataset data(all_bytes());
  Batch batch;
  batch.reserve(data.features(), data.outputs(), 2);
  const Scalar* inputs = batch.inputs().data();
  const Scalar* targets = batch.targets().data();
  for (const Index example : {Index{0}, Index{200}}) {
    data.gather(std::vector<Index>{example, example}, batch);
    CHECK(batch.inputs().data() == inputs);
    CHECK(batch.targets().data() == targets);
  }
}

TEST_CASE("a batch reserved for other shapes or too few examples is refused") {
  const ImageDataset data(all_bytes());
  Batch batch;
  CHECK_THROWS_AS(data.gather(std::vector<Index>{0}, batch), std::invalid_argument);
  batch.reserve(6, 10, 1);
  CHECK_THROWS_AS(data.gather(std::vector<Index>{0, 1}, batch), std::invalid_argument);
  batch.reserve(7, 10, 2);
  CHECK_THROWS_AS(data.gather(std::vector<Index>{0, 1}, batch), std::invalid_argument);
  batch.reserve(6, 9, 2);
  CHECK_THROWS_AS(data.gather(std::vector<Index>{0, 1}, batch), std::invalid_argument);
}

TEST_CASE("a range of a dataset is a dataset") {
  const ImageDataset data(all_bytes());
  const ImageDataset few = data.range(2, 7);
  REQUIRE(few.size() == 7);
  CHECK(few.shape() == data.shape());
  CHECK(few.label(6) == data.label(8));
  CHECK(std::vector(few.pixels(6).begin(), few.pixels(6).end()) ==
        std::vector(data.pixels(8).begin(), data.pixels(8).end()));
  CHECK(few.pixels(0).data() == data.pixels(2).data());
  CHECK(data.range(0, 256).size() == 256);
  CHECK_THROWS_AS((void)data.range(0, 0), std::invalid_argument);
  CHECK_THROWS_AS((void)data.range(1, 256), std::invalid_argument);
  CHECK_THROWS_AS((void)data.range(-1, 2), std::invalid_argument);
}

TEST_CASE("a range of a range counts from its own start, gathers its own, and outlives the whole") {
  const LabeledImages all = all_bytes();
  const ImageDataset part = ImageDataset(all).range(100, 50).range(20, 10);
  REQUIRE(part.size() == 10);
  CHECK_THROWS_AS((void)part.range(5, 6), std::invalid_argument);
  Batch batch;
  batch.reserve(part.features(), part.outputs(), 1);
  part.gather(std::vector<Index>{3}, batch);
  CHECK(batch.labels()[0] == all.labels[123]);
  CHECK(part.pixels(3)[5] == all.pixels[123 * 6 + 5]);
  CHECK(is_input(batch.inputs()(5, 0), (part.pixels(3)[5] / 255.0 - 0.1307) / 0.3081));
}

TEST_CASE("a subset has the images it was asked for, in that order, also of a subset") {
  const LabeledImages all = all_bytes();
  const ImageDataset part =
      ImageDataset(all).subset(std::vector<Index>{7, 3, 200}).subset(std::vector<Index>{2, 0});
  REQUIRE(part.size() == 2);
  CHECK(part.label(0) == all.labels[200]);
  CHECK(part.label(1) == all.labels[7]);
  CHECK(part.pixels(1)[2] == all.pixels[7 * 6 + 2]);
  CHECK_THROWS_AS((void)part.subset(std::vector<Index>{2}), std::invalid_argument);
  CHECK_THROWS_AS((void)part.subset(std::vector<Index>{-1}), std::invalid_argument);
  CHECK_THROWS_AS((void)part.subset(std::vector<Index>{}), std::invalid_argument);
}

TEST_CASE("validation images come from each class in proportion, and are not trained on") {
  // Sorted by class, 150 of class 0, 90 of 1, 16 of 2: of 56 images 32.8, 19.7 and 3.5 are their shares, and
  // after rounding down the two that are left go to the largest remainders, 0 and 1. An image shows its
  // number.
  LabeledImages images{.shape = {.channels = 1, .height = 1, .width = 2}, .classes = 3};
  for (int i = 0; i < 256; ++i) {
    images.pixels.insert(images.pixels.end(), {static_cast<std::uint8_t>(i), 0});
    images.labels.push_back(i < 150 ? 0 : (i < 240 ? 1 : 2));
  }
  const ImageDataset data(images);
  const soap::TrainTest split = soap::hold_out(data, 56);
  CHECK(split.train.size() == 200);
  CHECK(split.test.size() == 56);
  std::array<int, 3> held{};
  std::vector<std::uint8_t> seen;
  for (Index i = 0; i < split.test.size(); ++i) {
    ++held[split.test.label(i)];
    seen.push_back(split.test.pixels(i)[0]);
    CHECK(images.labels[seen.back()] == split.test.label(i));
  }
  CHECK(held == std::array{33, 20, 3});
  CHECK(std::is_sorted(seen.begin(), seen.end()));
  for (Index i = 0; i < split.train.size(); ++i) seen.push_back(split.train.pixels(i)[0]);
  std::sort(seen.begin(), seen.end());
  for (std::size_t i = 0; i < 256; ++i) CHECK(seen[i] == i);
  // Drawn, and always the same ones.
  const soap::TrainTest again = soap::hold_out(data, 56);
  int from_first_half = 0;
  for (Index i = 0; i < 33; ++i) {
    CHECK(again.test.pixels(i)[0] == split.test.pixels(i)[0]);
    from_first_half += split.test.pixels(i)[0] < 75 ? 1 : 0;
  }
  CHECK(from_first_half > 8);
  CHECK(from_first_half < 25);
  CHECK_THROWS_WITH_AS(
      hold_out(data, 256),
      "validation images: found 256 of 256 training images, expected at least 1, and at least 1 "
      "left to learn from",
      std::invalid_argument);
  CHECK_THROWS_AS(soap::hold_out(data, 0), std::invalid_argument);
}

TEST_CASE("a normalization is measured over all pixels and rounded to 4 decimals") {
  // Mean (0 + 51 + 255 + 102)/4/255 = 0.4; squares 0, 0.04, 1, 0.16: 0.3 - 0.16 = 0.14.
  const soap::Normalization found = soap::measured_normalization(std::vector<std::uint8_t>{0, 51, 255, 102});
  CHECK(found.mean == 0.4);
  CHECK(found.standard_deviation == 0.3742);
  CHECK(soap::measured_normalization(std::vector<std::uint8_t>(9, 51)).standard_deviation == 1);
  CHECK_THROWS_AS(soap::measured_normalization({}), std::invalid_argument);
}

TEST_CASE("images that do not fit together are refused") {
  const auto refused = [](auto spoil) {
    LabeledImages images = all_bytes();
    spoil(images);
    CHECK_THROWS_AS(ImageDataset{images}, std::invalid_argument);
  };
  refused([](LabeledImages& images) { images.pixels.pop_back(); });
  refused([](LabeledImages& images) { images.labels.push_back(0); });
  refused([](LabeledImages& images) { images.labels.back() = 10; });
  refused([](LabeledImages& images) { images.shape.width = 0; });
  refused([](LabeledImages& images) { images.normalization.standard_deviation = 0; });
  refused([](LabeledImages& images) {
    images.pixels.clear();
    images.labels.clear();
  });
}
