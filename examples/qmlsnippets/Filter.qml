// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

//! [filter]
import QtQml
import InterprocessQt

QtObject {
    id: filter

    readonly property PipeReader input: PipeReader {
        active: true
        parser: TextParser {}
        onMessage: line => filter.output.send(line.toUpperCase())
        onFinished: filter.output.active = false
    }
    readonly property PipeWriter output: PipeWriter {
        active: true
        parser: TextParser {}
        onClosed: Qt.quit() // when everything has been written
    }
}
//! [filter]
