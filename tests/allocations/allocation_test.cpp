// Counts what this program takes from the heap, with functions of its own in place of the C library's.
#include <cstdio>

#include <doctest/doctest.h>

#include "tests/support/sanitizers.hpp"

// Sanitizers have their own functions in that place.
#if defined(__GLIBC__) && !SOAP_TEST_SANITIZED

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "soap/data/image_dataset.hpp"
#include "soap/learn/step.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/learn/trainer.hpp"
#include "soap/linalg/random.hpp"
#include "soap/nn/mlp.hpp"

#include "tests/support/matrices.hpp"

namespace {

std::atomic<long> allocations = 0;

}  // namespace

// What the C library calls its own functions.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) noexcept {
  ++allocations;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  ++allocations;
  return __libc_calloc(count, size);
}
void* realloc(void* block, std::size_t size) noexcept {
  ++allocations;
  return __libc_realloc(block, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  ++allocations;
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  ++allocations;
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** block, std::size_t alignment, std::size_t size) noexcept {
  ++allocations;
  *block = __libc_memalign(alignment, size);
  return *block == nullptr ? ENOMEM : 0;
}
}

using namespace soap;

namespace {

const std::vector<std::string> optimizers = {
    "sgd",   "sgd:momentum=0.9", "sgd:momentum=0.9:nesterov=yes",  "adam",
    "adamw", "rmsprop",          "sgd:manhattan=yes:momentum=0.9", "adam:layers=1/0.5/0.1"};
const std::vector<std::string> rules = {"bp",
                                        "fa",
                                        "sign:period=64:scale=norm",
                                        "dfa",
                                        "drtp",
                                        "usf",
                                        "brsf",
                                        "frsf",
                                        "kp",
                                        "noisy",
                                        "delayed:examples=64",
                                        "sparse",
                                        "lowrank",
                                        "wm:period=64:samples=32",
                                        "pepita",
                                        "dtp"};

constexpr Index batch_size = 64;

// Of noise, with a last batch that is not full.
ImageDataset images() {
  Rng rng(1, "allocation test");
  LabeledImages images{.shape = {.channels = 1, .height = 28, .width = 28}};
  for (int i = 0; i < 4 * batch_size - 10; ++i) images.labels.push_back(static_cast<std::uint8_t>(i % 10));
  images.pixels.resize(images.labels.size() * 784);
  for (std::uint8_t& pixel : images.pixels) pixel = static_cast<std::uint8_t>(rng.below(256));
  return ImageDataset(std::move(images));
}

// Large enough for its products to use several threads.
Network network(const std::string& feedback) { return mlp({784, 100, 20, 10}, {.rule = feedback}); }

// Calls body(optimizer, rule) for all of them, on one thread and on two.
template <class Body>
void for_each_way_to_train(Body body) {
  for (const int count : {1, 2}) {
    CAPTURE(count);
    const ThreadCount threads(count);
    for (const std::string& optimizer : optimizers) {
      CAPTURE(optimizer);
      for (const std::string& rule : rules) {
        CAPTURE(rule);
        body(optimizer, rule);
      }
    }
  }
}

// What step_ended sees from the sixth step on.
class Counter final : public Observer {
 public:
  void step_ended(const StepEnd& end) override {
    if (end.step == 5) at_fifth_ = allocations;
    if (end.step > 5) since_ = allocations - at_fifth_;
  }
  [[nodiscard]] long since_the_fifth_step() const { return since_; }

 private:
  long at_fifth_ = 0;
  long since_ = -1;
};

}  // namespace

TEST_CASE("the counter sees what matrices, vectors and the C library allocate") {
  const auto count_of = [](auto allocate) {
    const long before = allocations;
    allocate();
    return allocations - before;
  };
  CHECK(count_of([] {}) == 0);
  CHECK(count_of([] { const Matrix matrix = Matrix::Zero(3, 4); }) == 1);
  CHECK(count_of([] { const std::vector<double> values(10); }) == 1);
  CHECK(count_of([] {
          void* volatile block = std::malloc(10);
          block = std::realloc(block, 20000);
          std::free(block);
          block = std::calloc(3, 4);
          std::free(block);
          block = std::aligned_alloc(64, 128);
          std::free(block);
        }) == 4);
}

TEST_CASE("training steps allocate nothing after the fifth") {
  const ImageDataset data = images();
  std::vector<Index> examples(batch_size);
  std::iota(examples.begin(), examples.end(), Index{0});
  const SoftmaxCrossEntropy loss;
  for_each_way_to_train([&](const std::string& optimizer_name, const std::string& rule) {
    const Learning learning = make_learning(rule, "backward");
    Network net = network(learning.feedback);
    const auto optimizer = make_optimizer(optimizer_name, 0.001);
    optimizer->attach(net);
    Batch batch;
    batch.reserve(data.features(), data.outputs(), batch_size);
    learning.step->prepare(net, batch_size, 1);
    long before = 0;
    for (int i = 0; i < 10; ++i) {
      if (i == 5) before = allocations;
      data.gather(examples, batch);
      learning.step->run(batch, {net, loss, *optimizer, i * batch_size, 1.0});
    }
    CHECK(allocations - before == 0);
  });
}

TEST_CASE("activity propagation allocates nothing after its first steps") {
  const ImageDataset data = images();
  const SoftmaxCrossEntropy loss;
  for (const int count : {1, 2}) {
    const ThreadCount threads(count);
    for (const std::string& rule : rules) {
      CAPTURE(rule);
      if (is_step(rule)) continue;
      Network net = network(rule);
      Sgd sgd({.lr = 0.001});
      Trainer trainer(net, loss, sgd, {.epochs = 3, .batch_size = batch_size},
                      make_step("soap:relative=yes:average=yes:size=gradient:warmup=4"));
      Counter counter;
      trainer.observe(counter);
      trainer.fit(data);
      CHECK(counter.since_the_fifth_step() == 0);
    }
  }
}

TEST_CASE("fit allocates nothing after its fifth step, in later epochs neither") {
  const ImageDataset data = images();
  const SoftmaxCrossEntropy loss;
  for_each_way_to_train([&](const std::string& optimizer_name, const std::string& rule) {
    Learning learning = make_learning(rule, "backward");
    Network net = network(learning.feedback);
    const auto optimizer = make_optimizer(optimizer_name, 0.001);
    Trainer trainer(net, loss, *optimizer, {.epochs = 3, .batch_size = batch_size}, std::move(learning.step));
    Counter counter;
    trainer.observe(counter);
    trainer.fit(data);
    CHECK(counter.since_the_fifth_step() == 0);
  });
}

#else

TEST_CASE("allocations are counted") { std::puts("skipped: the heap of this build cannot be watched"); }

#endif
