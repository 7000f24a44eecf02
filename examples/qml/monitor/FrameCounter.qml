// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml

// Follows the frames of the demo's protocol: a length of 4 bytes, a kind, and so many bytes. It keeps none of them. What
// is something else is counted in pieces, as it has arrived.
QtObject {
    id: counter

    readonly property var kinds: ["", "Hello", "FilePart", "FileEnd", "FileReceipt", "BulkPart", "BulkEnd", "BulkReceipt",
        "Question", "Answer", "Goodbye"]
    property bool framed: true
    property string last // what came last, in words
    property double left // of the frame at hand
    property int headerSize
    property double headerLength

    // How many frames have begun with these bytes.
    function count(buffer: var): int {
        const bytes = new Uint8Array(buffer);
        last = bytes.length + " bytes";
        if (!framed)
            return 1;
        let frames = 0;
        let names = [];
        for (let at = 0; at < bytes.length;) {
            if (left > 0) {
                const step = Math.min(left, bytes.length - at);
                left -= step;
                at += step;
            } else if (headerSize < 4) {
                headerLength = headerLength * 256 + bytes[at++];
                ++headerSize;
            } else {
                const kind = bytes[at++];
                if (headerLength > 131072 || kind === 0 || kind >= kinds.length) {
                    framed = false;
                    return 1;
                }
                left = headerLength;
                headerSize = headerLength = 0;
                ++frames;
                if (names[names.length - 1] !== kinds[kind])
                    names.push(kinds[kind]);
            }
        }
        if (names.length > 0)
            last = names.slice(0, 4).join(", ") + (names.length > 4 ? ", …" : "") + "  ·  " + bytes.length + " bytes";
        return frames;
    }
}
