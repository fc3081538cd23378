// Running one trial of a sweep.
#pragma once

#include <functional>

#include "soap/trial/trial_record.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The images of a sweep: all trials of all threads share them.
struct SweepData {
  TrainTest tuning;   ///< training images less those held out, and these in the test set's place
  TrainTest judging;  ///< all training images and the test set
};

/// What a trial of these settings leaves; the same for the same settings, whatever the thread. Nothing when
/// `stop_requested`, asked after every step, ended it. The record's setting is canonical. Throws as
/// `check_trial`.
std::optional<TrialRecord> run_sweep_trial(const TrialSetting& setting, const SweepData& data,
                                           const std::function<bool()>& stop_requested);

/// The work of a trial in multiply-adds of its products, to start the longest first.
double trial_work(const TrialSetting& setting, const SweepData& data);

}  // namespace SOAP_ABI
}  // namespace soap
