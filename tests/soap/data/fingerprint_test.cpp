#include "soap/data/fingerprint.hpp"

#include <doctest/doctest.h>

#include "soap/data/synthetic_digits.hpp"

using namespace soap;

namespace {

LabeledImages four_pixels() {
  return {.pixels = {1, 2, 3, 4}, .labels = {0, 1}, .shape = {.channels = 1, .height = 1, .width = 2}};
}

std::uint64_t with(const std::function<void(LabeledImages&)>& change) {
  LabeledImages images = four_pixels();
  change(images);
  return fingerprint(ImageDataset(images));
}

}  // namespace

TEST_CASE("a pixel, a label, the shape, the classes and the normalization change the fingerprint of images") {
  const std::uint64_t original = fingerprint(ImageDataset(four_pixels()));
  CHECK(fingerprint(ImageDataset(four_pixels())) == original);
  CHECK(with([](auto& images) { images.pixels[3] = 5; }) != original);
  CHECK(with([](auto& images) { std::swap(images.pixels[0], images.pixels[2]); }) != original);
  CHECK(with([](auto& images) { images.labels[1] = 2; }) != original);
  CHECK(with([](auto& images) { std::swap(images.shape.height, images.shape.width); }) != original);
  CHECK(with([](auto& images) { images.classes = 11; }) != original);
  CHECK(with([](auto& images) { images.normalization.mean = 0; }) != original);
}

TEST_CASE("both sets count, each in its role") {
  const TrainTest data = synthetic_digits({.train = 20, .test = 10, .seed = 1});
  const TrainTest turned{data.test, data.train};
  CHECK(fingerprint(data) == fingerprint(synthetic_digits({.train = 20, .test = 10, .seed = 1})));
  CHECK(fingerprint(data) != fingerprint(turned));
  CHECK(fingerprint(data) != fingerprint(synthetic_digits({.train = 20, .test = 11, .seed = 1})));
}
