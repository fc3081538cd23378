#include "soap/data/image_dataset.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "soap/linalg/random.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

void check(const LabeledImages& images) {
  const auto fail = [](const std::string& sentence) {
    throw std::invalid_argument("image dataset: " + sentence);
  };
  const auto& [pixels, labels, shape, classes, normalization, name] = images;
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
  if (!is_valid(normalization)) {
    fail("found a normalization by mean " + std::to_string(normalization.mean) + " and deviation " +
         std::to_string(normalization.standard_deviation) +
         ", expected finite numbers and a positive deviation");
  }
}

void check_example(Index example, Index size) {
  if (example >= 0 && example < size) return;
  throw std::invalid_argument("image dataset: found image " + std::to_string(example) +
                              ", expected one of the " + std::to_string(size) + " there are, from 0");
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

// How many of `count` each class gives; the lower label where remainders are equal.
std::vector<Index> shares_of(const std::vector<std::vector<Index>>& classes, Index count, Index total) {
  std::vector<Index> shares;
  std::vector<std::size_t> order;
  Index given = 0;
  const auto exact = [&](std::size_t label) { return static_cast<Index>(classes[label].size()) * count; };
  for (std::size_t label = 0; label < classes.size(); ++label) {
    shares.push_back(exact(label) / total);
    given += shares.back();
    order.push_back(label);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return exact(a) % total > exact(b) % total; });
  for (std::size_t i = 0; given < count; ++i, ++given) ++shares[order[i]];
  return shares;
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
  make_room(examples, batch);
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
  check_example(example, size());
  const auto length = static_cast<std::size_t>(features());
  return {images_->pixels.data() + place(example) * length, length};
}

std::uint8_t ImageDataset::label(Index example) const {
  check_example(example, size());
  return images_->labels[place(example)];
}

ImageDataset ImageDataset::range(Index start, Index count) const {
  if (start < 0 || count < 1 || count > size() - start) {
    throw std::invalid_argument("image dataset: found a request for " + std::to_string(count) +
                                " images from image " + std::to_string(start) +
                                " on, expected at least 1 of the " + std::to_string(size()) + " there are");
  }
  std::vector<Index> examples(static_cast<std::size_t>(count));
  std::iota(examples.begin(), examples.end(), start);
  return subset(examples);
}

ImageDataset ImageDataset::subset(std::span<const Index> examples) const {
  if (examples.empty()) throw std::invalid_argument("image dataset: found a subset of no images");
  std::vector<Index> places;
  places.reserve(examples.size());
  for (const Index example : examples) {
    if (example < 0 || example >= size()) {
      throw std::invalid_argument("image dataset: found image " + std::to_string(example) +
                                  " in a subset, expected one of the " + std::to_string(size()) +
                                  " there are, from 0");
    }
    places.push_back(static_cast<Index>(place(example)));
  }
  ImageDataset part = *this;
  part.size_ = static_cast<Index>(places.size());
  part.places_ = std::make_shared<const std::vector<Index>>(std::move(places));
  return part;
}

std::size_t ImageDataset::place(Index example) const {
  const auto at = static_cast<std::size_t>(example);
  return places_ ? static_cast<std::size_t>((*places_)[at]) : at;
}

bool is_valid(const Normalization& normalization) {
  return std::isfinite(normalization.mean) && std::isfinite(normalization.standard_deviation) &&
         normalization.standard_deviation > 0;
}

Normalization measured_normalization(std::span<const std::uint8_t> pixels) {
  if (pixels.empty()) throw std::invalid_argument("normalization: found no pixels, expected at least 1");
  constexpr std::size_t levels = 256;
  // Several, because a counter that is counted up twice in a row has to wait.
  std::array<std::array<std::int64_t, levels>, 4> counts{};
  for (std::size_t i = 0; i < pixels.size(); ++i) ++counts[i % counts.size()][pixels[i]];
  const auto total = static_cast<double>(pixels.size());
  double sum = 0;
  double squares = 0;
  for (std::size_t level = 0; level < levels; ++level) {
    double count = 0;
    for (const auto& part : counts) count += static_cast<double>(part[level]);
    const double value = static_cast<double>(level) / 255;
    sum += count * value;
    squares += count * value * value;
  }
  const auto rounded = [](double value) { return std::round(1e4 * value) / 1e4; };
  const double mean = sum / total;
  const double deviation = rounded(std::sqrt(std::max(squares / total - mean * mean, 0.0)));
  return {.mean = rounded(mean), .standard_deviation = deviation > 0 ? deviation : 1};
}

TrainTest hold_out(const ImageDataset& training, Index count) {
  const Index kept = training.size() - count;
  if (count < 1 || kept < 1) {
    throw std::invalid_argument("validation images: found " + std::to_string(count) + " of " +
                                std::to_string(training.size()) +
                                " training images, expected at least 1, and at "
                                "least 1 left to learn from");
  }
  std::vector<std::vector<Index>> classes(static_cast<std::size_t>(training.outputs()));
  for (Index i = 0; i < training.size(); ++i) classes[training.label(i)].push_back(i);
  const std::vector<Index> shares = shares_of(classes, count, training.size());
  std::vector<Index> learn;
  std::vector<Index> judge;
  for (std::size_t label = 0; label < classes.size(); ++label) {
    Rng rng(1, "validation images", label);
    shuffle(classes[label], rng);
    const auto split = classes[label].begin() + shares[label];
    judge.insert(judge.end(), classes[label].begin(), split);
    learn.insert(learn.end(), split, classes[label].end());
  }
  std::sort(learn.begin(), learn.end());
  std::sort(judge.begin(), judge.end());
  return {training.subset(learn), training.subset(judge)};
}

}  // namespace SOAP_ABI
}  // namespace soap
