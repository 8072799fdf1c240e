/// The files of the hostile suite, by their groups, in the executable: an installed tool has no other place for them.
public let hostileFiles: [(group: String, text: String)] = [
  ("async", PackageResources.async_js),
  ("bursts", PackageResources.bursts_js),
  ("caps", PackageResources.caps_js),
  ("confusion", PackageResources.confusion_js),
  ("conversion", PackageResources.conversion_js),
  ("depth", PackageResources.depth_js),
  ("errors", PackageResources.errors_js),
  ("giants", PackageResources.giants_js),
  ("memory", PackageResources.memory_js),
  ("modules", PackageResources.modules_js),
  ("stuck", PackageResources.stuck_js),
  ("time", PackageResources.time_js),
  ("webassembly", PackageResources.webassembly_js),
].map { (group: $0.0, text: String(decoding: $0.1, as: UTF8.self)) }
