// Labeled images whose pixels stay bytes in memory and are normalized as a batch is gathered.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "soap/data/dataset.hpp"

namespace soap::inline SOAP_ABI {

/// An image is channels x height x width values, row by row, one channel after the other.
struct ImageShape {
  Index channels = 1;
  Index height = 0;
  Index width = 0;

  [[nodiscard]] Index size() const { return channels * height * width; }
  friend bool operator==(const ImageShape&, const ImageShape&) = default;
};

/// A pixel byte p becomes the input (p/255 - mean) / standard_deviation. The defaults are those of MNIST's
/// training images.
struct Normalization {
  double mean = 0.1307;
  double standard_deviation = 0.3081;
};

/// What an ImageDataset is made of: image i is the bytes i*shape.size() ... (i+1)*shape.size() - 1.
struct LabeledImages {
  std::vector<std::uint8_t> pixels = {};
  std::vector<std::uint8_t> labels = {};
  ImageShape shape = {};
  Index classes = 10;
  Normalization normalization = {};
};

/// Copies and ranges share the bytes.
class ImageDataset : public Dataset {
 public:
  /// Throws std::invalid_argument if there are no images, the numbers of pixels and labels do not fit each
  /// other, a label is not below `classes`, or the normalization is not finite with a positive deviation.
  explicit ImageDataset(LabeledImages images);

  [[nodiscard]] Index size() const override { return size_; }
  [[nodiscard]] Index features() const override { return images_->shape.size(); }
  [[nodiscard]] Index outputs() const override { return images_->classes; }
  void gather(std::span<const Index> examples, Batch& batch) const override;

  [[nodiscard]] const ImageShape& shape() const { return images_->shape; }
  [[nodiscard]] const Normalization& normalization() const { return images_->normalization; }
  /// The bytes of one image, `features()` of them.
  [[nodiscard]] std::span<const std::uint8_t> pixels(Index example) const;
  [[nodiscard]] std::uint8_t label(Index example) const;

  /// The `count` images from image `start` on; throws std::invalid_argument unless there are as many, and at
  /// least 1.
  [[nodiscard]] ImageDataset range(Index start, Index count) const;

 private:
  std::shared_ptr<const LabeledImages> images_;
  Index start_ = 0;  // of its images among these
  Index size_ = 0;
  Scalar input_of_one_ = 0;   // what a byte adds for each of its 255 levels
  Scalar input_of_zero_ = 0;  // what the byte 0 becomes
};

/// Images to learn from and images to judge by.
struct TrainTest {
  ImageDataset train;
  ImageDataset test;
};

/// The last `count` training images in the role of the test set: validation images, to choose settings by
/// without a look at the test set. Throws std::invalid_argument when no image is left on either side.
TrainTest hold_out(const ImageDataset& training, Index count);

}  // namespace soap::inline SOAP_ABI
