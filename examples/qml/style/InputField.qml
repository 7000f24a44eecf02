// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import QtQuick.Controls.Basic

TextField {
    id: field

    color: Theme.text
    placeholderTextColor: Theme.muted
    selectionColor: Theme.accent
    selectedTextColor: "white"
    font.pixelSize: 14
    leftPadding: 12
    rightPadding: 12
    selectByMouse: true

    background: Rectangle {
        implicitHeight: 36
        implicitWidth: 160
        radius: 8
        color: Theme.raised
        border.width: field.activeFocus ? 2 : 1
        border.color: field.activeFocus ? Theme.accent : Theme.line
    }
}
