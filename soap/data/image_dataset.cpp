#include "soap/data/image_dataset.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

namespace soap::inline SOAP_ABI {

namespace {

void check(const LabeledImages& images) {
  const auto fail = [](const std::string& sentence) {
    throw std::invalid_argument("image dataset: " + sentence);
  };
  const auto& [pixels, labels, shape, classes, normalization] = images;
  if (shape.channels < 1 || shape.height < 1 || shape.width < 1) {
    fail("found images of " + std::to_string(shape.channels) + " x " + std::to_string(shape.height) + " x " +
         std::to_string(shape.width) + " values, expected at least 1 in each direction");
  }
  if (labels.empty()) fail("found no images, expected at least 1");
  if (pixels.size() != labels.size() * static_cast<std::size_t>(shape.size())) {
    fail("found " + std::to_string(pixels.size()) + " pixels, expected " + std::to_string(shape.size()) +
         " for each of " + std::to_string(labels.size()) + " labels");
  }
  const std::uint8_t largest = *std::max_element(labels.begin(), labels.end());
  if (largest >= classes) {
    fail("found label " + std::to_string(largest) + ", expected labels below " + std::to_string(classes));
  }
  const double deviation = normalization.standard_deviation;
  if (!std::isfinite(normalization.mean) || !std::isfinite(deviation) || deviation <= 0) {
    fail("found a normalization by mean " + std::to_string(normalization.mean) + " and deviation " +
         std::to_string(deviation) + ", expected finite numbers and a positive deviation");
  }
}

// Starts to bring bytes into the cache. The examples of a batch lie anywhere in memory, and waiting for them
// would take longer than to convert them.
void fetch(std::span<const std::uint8_t> bytes) {
#ifdef __GNUC__
  constexpr std::size_t cache_line = 64;
  for (std::size_t at = 0; at < bytes.size(); at += cache_line) __builtin_prefetch(bytes.data() + at);
#else
  (void)bytes;
#endif
}

}  // namespace

ImageDataset::ImageDataset(LabeledImages images) {
  check(images);
  images_ = std::make_shared<const LabeledImages>(std::move(images));
  size_ = static_cast<Index>(images_->labels.size());
  const auto& [mean, deviation] = images_->normalization;
  input_of_one_ = static_cast<Scalar>(1 / (255 * deviation));
  input_of_zero_ = static_cast<Scalar>(-mean / deviation);
}

void ImageDataset::gather(std::span<const Index> examples, Batch& batch) const {
  make_room(static_cast<Index>(examples.size()), batch);
  auto inputs = batch.inputs();
  for (Index i = 0; i < inputs.cols(); ++i) {
    const Index example = examples[static_cast<std::size_t>(i)];
    const auto bytes = pixels(example);
    if (i + 1 < inputs.cols()) fetch(pixels(examples[static_cast<std::size_t>(i) + 1]));
    Scalar* column = inputs.col(i).data();
    // Faster than a table of the 256 values, which cannot be looked up several at a time.
    for (std::size_t k = 0; k < bytes.size(); ++k)
      column[k] = input_of_one_ * static_cast<Scalar>(bytes[k]) + input_of_zero_;
    batch.set_label(i, label(example));
  }
}

std::span<const std::uint8_t> ImageDataset::pixels(Index example) const {
  assert(example >= 0 && example < size());
  return {images_->pixels.data() + (start_ + example) * features(), static_cast<std::size_t>(features())};
}

std::uint8_t ImageDataset::label(Index example) const {
  assert(example >= 0 && example < size());
  return images_->labels[static_cast<std::size_t>(start_ + example)];
}

ImageDataset ImageDataset::range(Index start, Index count) const {
  if (start < 0 || count < 1 || count > size() - start) {
    throw std::invalid_argument("image dataset: found a request for " + std::to_string(count) +
                                " images from image " + std::to_string(start) +
                                " on, expected at least 1 of the " + std::to_string(size()) + " there are");
  }
  ImageDataset part = *this;
  part.start_ += start;
  part.size_ = count;
  return part;
}

TrainTest hold_out(const ImageDataset& training, Index count) {
  const Index kept = training.size() - count;
  if (count < 1 || kept < 1) {
    throw std::invalid_argument("validation images: found " + std::to_string(count) + " of " +
                                std::to_string(training.size()) +
                                " training images, expected at least 1, and at "
                                "least 1 left to learn from");
  }
  return {training.range(0, kept), training.range(kept, count)};
}

}  // namespace soap::inline SOAP_ABI
