#include "soap/data/synthetic_digits.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/data/digit_shapes.hpp"
#include "soap/linalg/threads.hpp"

using soap::ImageDataset;
using soap::Index;
using soap::synthetic_digits;
using soap::TrainTest;

namespace {

using Bytes = std::vector<std::uint8_t>;

// Labels and pixels of images first ... last - 1.
Bytes content(const ImageDataset& data, Index first, Index last) {
  Bytes bytes;
  for (Index i = first; i < last; ++i) {
    bytes.push_back(data.label(i));
    bytes.insert(bytes.end(), data.pixels(i).begin(), data.pixels(i).end());
  }
  return bytes;
}

Bytes content(const ImageDataset& data) { return content(data, 0, data.size()); }

class ThreadsForThisTest {
 public:
  ThreadsForThisTest() : before_(soap::usable_threads()) {}
  ~ThreadsForThisTest() { soap::set_threads(before_); }
  ThreadsForThisTest(const ThreadsForThisTest&) = delete;
  ThreadsForThisTest& operator=(const ThreadsForThisTest&) = delete;

 private:
  int before_;
};

using Picture = std::array<double, 784>;

Picture mean_picture(const ImageDataset& data, int label) {
  Picture mean{};
  double count = 0;
  for (Index i = 0; i < data.size(); ++i) {
    if (data.label(i) != label) continue;
    ++count;
    for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += data.pixels(i)[k];
  }
  for (double& value : mean) value /= count;
  return mean;
}

}  // namespace

TEST_CASE("synthetic digits are the same bytes on one thread, on two and when asked for again") {
  const ThreadsForThisTest restore;
  soap::set_threads(1);
  const TrainTest once = synthetic_digits({.train = 301, .test = 99, .seed = 5});
  soap::set_threads(2);
  for (int repeat = 0; repeat < 2; ++repeat) {
    const TrainTest again = synthetic_digits({.train = 301, .test = 99, .seed = 5});
    CHECK(content(once.train) == content(again.train));
    CHECK(content(once.test) == content(again.test));
  }
}

TEST_CASE("a larger set of synthetic digits starts with the smaller one") {
  const TrainTest small = synthetic_digits({.train = 40, .test = 20});
  const TrainTest large = synthetic_digits({.train = 90, .test = 70});
  CHECK(content(large.train, 0, 40) == content(small.train));
  CHECK(content(large.test, 0, 20) == content(small.test));
}

TEST_CASE("seeds, images, training and test set all differ") {
  const TrainTest one = synthetic_digits({.train = 50, .test = 50, .seed = 1});
  const TrainTest two = synthetic_digits({.train = 50, .test = 50, .seed = 2});
  std::set<std::string> images;
  for (const ImageDataset* data : {&one.train, &one.test, &two.train, &two.test}) {
    for (Index i = 0; i < data->size(); ++i) {
      const Bytes image = content(*data, i, i + 1);
      images.emplace(image.begin(), image.end());
    }
  }
  CHECK(images.size() == 200);
}

TEST_CASE("every digit is about a tenth of the synthetic digits") {
  const TrainTest data = synthetic_digits({.train = 4000, .test = 2000});
  for (const ImageDataset* set : {&data.train, &data.test}) {
    std::array<int, 10> count{};
    for (Index i = 0; i < set->size(); ++i) ++count.at(set->label(i));
    for (const int images : count) {
      CHECK(images > 0.08 * static_cast<double>(set->size()));
      CHECK(images < 0.12 * static_cast<double>(set->size()));
    }
  }
}

TEST_CASE("synthetic digits are 28 x 28 and normalized to mean 0 and deviation 1") {
  const TrainTest data = synthetic_digits({.train = 2000, .test = 1});
  CHECK(data.train.shape() == soap::ImageShape{.channels = 1, .height = 28, .width = 28});
  CHECK(data.train.outputs() == 10);
  CHECK(data.test.normalization().mean == data.train.normalization().mean);

  soap::Batch batch;
  batch.reserve(784, 10, 2000);
  std::vector<Index> all(2000);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Index>(i);
  data.train.gather(all, batch);
  const auto inputs = batch.inputs().cast<double>().array();
  CHECK(std::abs(inputs.mean()) < 0.03);
  CHECK(inputs.square().mean() == doctest::Approx(1).epsilon(0.05));
}

TEST_CASE("synthetic digits look like their labels, but not so much that a mean picture settles it") {
  const TrainTest data = synthetic_digits({.train = 2000, .test = 1000});
  std::vector<Picture> means;
  means.reserve(10);
  for (int digit = 0; digit < 10; ++digit) means.push_back(mean_picture(data.train, digit));
  int right = 0;
  for (Index i = 0; i < data.test.size(); ++i) {
    const auto pixels = data.test.pixels(i);
    int nearest = -1;
    double smallest = std::numeric_limits<double>::infinity();
    for (int digit = 0; digit < 10; ++digit) {
      double distance = 0;
      for (std::size_t k = 0; k < pixels.size(); ++k) {
        const double difference = pixels[k] - means[static_cast<std::size_t>(digit)][k];
        distance += difference * difference;
      }
      if (distance < smallest) {
        smallest = distance;
        nearest = digit;
      }
    }
    right += nearest == data.test.label(i) ? 1 : 0;
  }
  CHECK(right > 650);
  CHECK(right < 900);
}

TEST_CASE("every digit is written in several ways, all within the box of a shape") {
  for (int digit = 0; digit < 10; ++digit) {
    const auto& shapes = soap::digit_shapes(digit);
    CHECK(shapes.size() >= 2);
    for (const auto& shape : shapes) {
      CHECK(!shape.strokes.empty());
      for (const auto& stroke : shape.strokes) {
        CHECK(stroke.points.size() >= 2);
        CHECK(stroke.points.size() <= soap::Stroke::most_points);
        for (const auto point : stroke.points) {
          CHECK(point.x >= 0);
          CHECK(point.x <= soap::DigitShape::width);
          CHECK(point.y >= 0);
          CHECK(point.y <= soap::DigitShape::height);
        }
      }
    }
  }
}

TEST_CASE("only ten digits have a shape") {
  CHECK_THROWS_WITH_AS((void)soap::digit_shapes(10), "digit shapes: found 10, expected a digit",
                       std::invalid_argument);
  CHECK_THROWS_AS((void)soap::digit_shapes(-1), std::invalid_argument);
}

TEST_CASE("no synthetic digits, or more than any use, are refused") {
  CHECK_THROWS_AS(synthetic_digits({.train = 0}), std::invalid_argument);
  CHECK_THROWS_AS(synthetic_digits({.test = -1}), std::invalid_argument);
  CHECK_THROWS_AS(synthetic_digits({.train = 10'000'001}), std::invalid_argument);
  CHECK_THROWS_AS(synthetic_digits({.test = std::numeric_limits<Index>::max()}), std::invalid_argument);
}
