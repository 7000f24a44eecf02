// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import QtQuick.Layouts
import ExampleStyle

RowLayout {
    id: item

    required property string time
    required property string kind
    required property string text

    spacing: 8

    Text {
        text: item.time
        color: Theme.muted
        font.pixelSize: 12
        font.family: "monospace"
    }
    Text {
        Layout.preferredWidth: 14
        text: item.kind
        horizontalAlignment: Text.AlignHCenter
        font.pixelSize: 13
        font.bold: true
        color: item.kind === "→" ? Theme.accent : item.kind === "←" ? Theme.good : item.kind === "!" ? Theme.bad : Theme.warning
    }
    Text {
        Layout.fillWidth: true
        text: item.text
        textFormat: Text.PlainText
        color: Theme.text
        font.pixelSize: 13
        elide: Text.ElideRight
    }
}
