public import Logging
public import MiniRacer

extension JSConsole {
  /// A console that writes to a swift-log `Logger`: `debug` as debug, `log` and `info` as info, `warn` as warning, `error` as
  /// error. The method's name is in the metadata: "method".
  ///
  /// ```swift
  /// let context = try JSContext(console: .logger(Logger(label: "scripts")))
  /// ```
  public static func logger(_ logger: Logger) -> JSConsole {
    JSConsole { message in
      logger.log(level: Logger.Level(message.severity), "\(message.text)", metadata: ["method": "\(message.method)"])
    }
  }
}

extension Logger.Level {
  init(_ severity: JSConsole.Severity) {
    switch severity {
    case .debug: self = .debug
    case .info: self = .info
    case .warning: self = .warning
    case .error: self = .error
    }
  }
}
