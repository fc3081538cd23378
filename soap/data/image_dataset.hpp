// Labeled images whose pixels stay bytes in memory and are normalized as a batch is gathered.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "soap/data/dataset.hpp"

namespace soap {
inline namespace SOAP_ABI {

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

/// Whether both are finite and the deviation is above 0.
bool is_valid(const Normalization& normalization);

/// Mean and standard deviation of p/255 over the bytes, both rounded to 4 decimals, as they are usually
/// quoted: 0.1307 and 0.3081 for MNIST's training images, 0.2860 and 0.3530 for Fashion-MNIST's. The
/// deviation of bytes that are all alike counts as 1. Throws std::invalid_argument without bytes.
Normalization measured_normalization(std::span<const std::uint8_t> pixels);

/// What an ImageDataset is made of: image i is the bytes i*shape.size() ... (i+1)*shape.size() - 1.
struct LabeledImages {
  std::vector<std::uint8_t> pixels = {};
  std::vector<std::uint8_t> labels = {};
  ImageShape shape = {};
  Index classes = 10;
  Normalization normalization = {};
  std::string name = {};  ///< of the data set, for people
};

/// Copies, ranges and subsets share the bytes.
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
  [[nodiscard]] const std::string& name() const { return images_->name; }
  /// The bytes of one image, `features()` of them, and its label. Throw std::invalid_argument unless the
  /// example is in 0 ... size() - 1.
  [[nodiscard]] std::span<const std::uint8_t> pixels(Index example) const;
  [[nodiscard]] std::uint8_t label(Index example) const;

  /// The `count` images from image `start` on; throws std::invalid_argument unless there are as many, and at
  /// least 1.
  [[nodiscard]] ImageDataset range(Index start, Index count) const;
  /// These images, in the order given; throws std::invalid_argument unless there is at least 1 and all are in
  /// 0 ... size() - 1.
  [[nodiscard]] ImageDataset subset(std::span<const Index> examples) const;

 private:
  // Where an image lies among those in memory.
  [[nodiscard]] std::size_t place(Index example) const;

  std::shared_ptr<const LabeledImages> images_;
  std::shared_ptr<const std::vector<Index>> places_;  // nothing: all of them, in their order
  Index size_ = 0;
  Scalar input_of_one_ = 0;   // what a byte adds for each of its 255 levels
  Scalar input_of_zero_ = 0;  // what the byte 0 becomes
};

/// Images to learn from and images to judge by.
struct TrainTest {
  ImageDataset train;
  ImageDataset test;
};

/// `count` of the training images in the role of the test set: validation images, to choose settings by
/// without a look at the test set. They are drawn at random from each class in proportion to its size (a
/// class's share is rounded down, and the largest remainders get what is left), the same ones for the same
/// images, so that files that are sorted by class or by origin do no harm. Both parts keep the order of the
/// files. Throws std::invalid_argument when no image is left on either side.
TrainTest hold_out(const ImageDataset& training, Index count);

}  // namespace SOAP_ABI
}  // namespace soap
