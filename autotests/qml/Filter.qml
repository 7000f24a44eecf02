// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import InterprocessQt

// Writes what it reads in capitals, and tells at the end how much that was.
QtObject {
    id: filter

    property int lines

    readonly property PipeReader input: PipeReader {
        active: true
        parser: TextParser {}
        onMessage: line => {
            ++filter.lines;
            filter.output.send(line.toUpperCase());
        }
        onFinished: filter.end()
    }
    readonly property PipeWriter output: PipeWriter {
        active: true
        parser: TextParser {}
        onClosed: filter.summary.active = false
    }
    readonly property PipeWriter summary: PipeWriter {
        active: true
        descriptor: 2
        onClosed: Qt.quit()
    }

    function end() {
        summary.write(lines + " lines\n");
        output.active = false;
    }
}
